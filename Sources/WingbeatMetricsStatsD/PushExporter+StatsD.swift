// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatDelivery
import WingbeatDeliverySockets
public import WingbeatMetrics
public import WingbeatMetricsPush

extension PushExporter {
    /// Sends metrics to a StatsD, DogStatsD or Telegraf server.
    ///
    /// Counters are summed here and sent as what was added since the flush before, if anything was; gauges are sent with
    /// each flush; of histograms each single observation is sent, or a random part of them. Observations are caught from
    /// now until `PushExporter.run()` ends; histograms of a `MetricSource` have none and are not sent.
    ///
    /// `wingbeat.exporter.omitted` counts by `reason` what never became a packet: observations beyond
    /// ``StatsDConfiguration/maximumObservations`` (`tap_full`), and counters and gauges that are infinite or no number
    /// (`not_finite`).
    ///
    /// - Parameters:
    ///   - configuration: where, how often and in which dialect.
    ///   - registry: what is sent.
    ///   - reportTrouble: called with a sentence for a person when delivery stops, goes on, or loses something, and at
    ///     the start for each environment variable that was not understood.
    public static func statsD(
        _ configuration: StatsDConfiguration = StatsDConfiguration(),
        registry: MetricRegistry = .shared,
        reportTrouble: @escaping @Sendable (String) -> Void = { _ in }
    ) -> PushExporter {
        let tap = ObservationTap(sampleRate: configuration.sampleRate, capacity: configuration.maximumObservations)
        let attachment = TapAttachment(tap, registry)
        attachment.begin()
        var settings = PushExporter.Configuration()
        settings.interval = configuration.interval
        settings.delivery.queueCapacity = configuration.maximumQueuedBytes / max(configuration.maximumPacketSize, 1)
        return PushExporter(
            name: configuration.dialect.name,
            registry: registry,
            encoder: StatsDEncoder(configuration, tap: tap, registry: registry),
            sender: DatagramSender(configuration.address),
            configuration: settings,
            reportTrouble: reportTrouble,
            onStart: { report in
                attachment.begin()  // again, where it ran before
                for sentence in configuration.ignoredVariables { report(sentence) }
            },
            onEnd: attachment.end
        )
    }
}
