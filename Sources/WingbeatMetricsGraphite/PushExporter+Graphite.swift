// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatDelivery
import WingbeatDeliverySockets
public import WingbeatMetrics
public import WingbeatMetricsPush

extension PushExporter {
    /// Writes the registry to Graphite's carbon, or to anything else that reads its plaintext protocol.
    ///
    /// While Graphite is away lines wait, with their times, in a bounded queue; when that is full newer ones are dropped
    /// and counted. Lines that the system had taken when the connection broke are lost, and over UDP nothing is known
    /// of what arrives. A line that is sent twice overwrites itself.
    ///
    /// - Parameters:
    ///   - configuration: where to and how often.
    ///   - registry: what is read.
    ///   - reportTrouble: called with a sentence for a person when delivery stops, goes on, or loses something.
    public static func graphite(
        _ configuration: GraphiteConfiguration,
        registry: MetricRegistry = .shared,
        reportTrouble: @escaping @Sendable (String) -> Void = { _ in }
    ) -> PushExporter {
        var push = Configuration()
        push.interval = configuration.interval
        push.sendsDifferences = false  // the encoder takes them, by Graphite's slots of time
        push.wantsQuantiles = true
        push.delivery.queueCapacity = configuration.maximumQueuedBytes / max(configuration.maximumMessageSize, 1)
        return PushExporter(
            name: "graphite",
            registry: registry,
            encoder: GraphiteEncoder(configuration, registry: registry),
            sender: configuration.sender,
            configuration: push,
            reportTrouble: reportTrouble
        )
    }
}

extension GraphiteConfiguration {
    var sender: any ByteSender {
        switch transport {
        case .tcp: TCPSender(host: host, port: port)
        case .udp: DatagramSender(.udp(host: host, port: port))
        }
    }
}
