// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatDelivery
public import WingbeatMetrics
public import WingbeatMetricsPush
public import WingbeatModel

extension PushExporter {
    /// Pushes a registry to Prometheus' Pushgateway, for jobs that end before anybody scrapes them.
    ///
    /// ```swift
    /// let exporter = PushExporter.pushgateway(job: "backup", grouping: ["instance": "db1"])
    /// ```
    ///
    /// Each push has the values since the start, in the text format 0.0.4, and the last one is made at shutdown. While
    /// the gateway is away only the newest reading is kept: what is counted as dropped then was replaced by a newer
    /// push, and no value is lost.
    ///
    /// - Parameters:
    ///   - url: where the gateway is, without `/metrics`.
    ///   - job: the label `job` of everything pushed; must not be empty, or the gateway refuses it.
    ///   - grouping: further labels that tell this pusher from others of the job. Their values may be anything.
    ///   - registry: what is pushed.
    ///   - replacesGroup: true to replace everything that was pushed with the same labels (PUT); false to keep
    ///     metrics of other names (POST).
    ///   - deletesOnEnd: true to delete the group when the exporter ends, for services whose values mean nothing after.
    ///   - configuration: times; that sums are sent, and how many readings wait, is the same for every gateway.
    ///   - reportTrouble: called with a sentence for a person when delivery stops, goes on, or loses something.
    public static func pushgateway(
        _ url: String = "http://127.0.0.1:9091",
        job: String,
        grouping: LabelSet = .empty,
        registry: MetricRegistry = .shared,
        replacesGroup: Bool = true,
        deletesOnEnd: Bool = false,
        configuration: Configuration = Configuration(),
        reportTrouble: @escaping @Sendable (String) -> Void = { _ in }
    ) -> PushExporter {
        var configuration = configuration
        configuration.sendsDifferences = false
        configuration.delivery.queueCapacity = 1
        let pusher = PushgatewayPusher(
            url: pushgatewayURL(url, job: job, grouping: grouping),
            method: replacesGroup ? "PUT" : "POST",
            deletesOnEnd: deletesOnEnd
        )
        let exporter = PushExporter(
            name: "pushgateway",
            registry: registry,
            encoder: pusher,
            sender: pusher,
            configuration: configuration,
            reportTrouble: reportTrouble
        )
        pusher.onTrouble { [weak exporter] in exporter?.report($0) }
        return exporter
    }
}
