// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatDelivery
import WingbeatDeliveryHTTP
public import WingbeatMetrics
public import WingbeatMetricsPush

extension PushExporter {
    /// Writes the registry to an HTTPTrap check of Circonus.
    ///
    /// While the broker is away bodies wait in a bounded queue; when that is full newer ones are dropped and counted.
    /// Sums go on from the start, so that only detail is lost of them; values of histograms are lost. A body whose
    /// answer was lost is sent again, and then its histograms count twice.
    ///
    /// - Parameters:
    ///   - configuration: where to and how often.
    ///   - registry: what is read.
    ///   - reportTrouble: called with a sentence for a person when delivery stops, goes on, or loses something.
    public static func circonus(
        _ configuration: CirconusConfiguration,
        registry: MetricRegistry = .shared,
        reportTrouble: @escaping @Sendable (String) -> Void = { _ in }
    ) -> PushExporter {
        var push = Configuration()
        push.interval = configuration.interval
        push.sendsDifferences = false  // the encoder takes them, of histograms only
        push.wantsQuantiles = true
        push.delivery.queueCapacity = configuration.maximumQueuedBytes / max(configuration.maximumMessageSize, 1)
        var http = HTTPSender.Configuration(url: configuration.submissionURL, contentType: "application/json")
        http.method = "PUT"
        http.name = "Circonus"
        http.timeout = configuration.timeout
        return PushExporter(
            name: "circonus",
            registry: registry,
            encoder: CirconusEncoder(configuration, registry: registry),
            sender: HTTPSender(http),
            configuration: push,
            reportTrouble: reportTrouble
        )
    }
}
