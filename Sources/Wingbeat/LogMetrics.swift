// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import WingbeatLogs
import WingbeatMetrics
import WingbeatModel

/// What a pipeline did, as metrics. They are read when somebody reads the registry, and cost nothing before.
struct LogMetrics: MetricSource {
    let pipeline: LogPipeline

    func read() -> [MetricSnapshot.Family] {
        let totals = pipeline.totals
        return [
            family(
                "wingbeat.logs.lines",
                "Lines that were logged, by level.",
                Logger.Level.allCases.map { ("level", $0.rawValue, totals.lines[$0] ?? 0) }
            ),
            family(
                "wingbeat.logs.dropped",
                "Lines that were lost on their way to an output, by reason.",
                [("reason", "full", totals.full), ("reason", "failed", totals.failed)]
            ),
            family("wingbeat.logs.sampled", "Lines that sampling kept back.", [("", "", totals.sampled)]),
            family("wingbeat.logs.bytes", "Bytes of lines that outputs took.", [("", "", totals.bytes)]),
        ]
    }

    private func family(
        _ name: String,
        _ help: String,
        _ series: [(key: String, value: String, count: UInt64)]
    ) -> MetricSnapshot.Family {
        MetricSnapshot.Family(
            descriptor: MetricDescriptor(name: name, kind: .counter, help: help),
            series: series.map { label in
                let labels = label.key.isEmpty ? [] : [Label(label.key, label.value)]
                return MetricSnapshot.Series(labels: LabelSet(labels), value: .counter(Double(label.count)))
            }
        )
    }
}
