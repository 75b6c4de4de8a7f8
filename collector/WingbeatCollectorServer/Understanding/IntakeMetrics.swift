// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatMetrics
import WingbeatModel

/// What became of the spans that came, as metrics: one reading, so that
/// `received = stored + sampled_out + rejected + failed` holds in every scrape.
struct IntakeMetrics: MetricSource {
    let intake: SpanIntake

    func read() -> [MetricSnapshot.Family] {
        let counts = intake.counts
        let limits = intake.limits
        return [
            counter("spans.received", "Spans that came and of which it is known what became of them.", counts.received),
            counter("spans.stored", "Spans that survive a kill of the process.", counts.stored),
            counter("spans.sampled_out", "Spans that the rate at the door left out.", counts.sampledOut),
            family("spans.rejected", "Spans that were not taken.", IntakeCounts.Rejection.allCases) {
                ($0.rawValue, counts.rejections[$0] ?? 0)
            },
            family("spans.failed", "Spans that could not be stored; their senders know.", IntakeCounts.Failure.allCases)
            {
                ($0.rawValue, counts.failures[$0] ?? 0)
            },
            counter(
                "statistics.unnamed_spans",
                "Spans that were counted as operation other for want of room.",
                limits.unnamedOperations
            ),
            counter("statistics.lost_spans", "Spans that are missing in the sums of minutes.", limits.lostSpans),
            counter("links.early_traces", "Traces that were linked before they were whole.", limits.tracesLinkedEarly),
            gauge("links.pending_spans", "Spans that wait for the rest of their trace.", limits.pendingSpans),
        ]
    }

    private func counter(_ name: String, _ help: String, _ value: Int) -> MetricSnapshot.Family {
        family(name, help, .counter, [(.empty, .counter(Double(value)))])
    }

    private func gauge(_ name: String, _ help: String, _ value: Int) -> MetricSnapshot.Family {
        family(name, help, .gauge, [(.empty, .gauge(Double(value)))])
    }

    private func family<Reason>(
        _ name: String,
        _ help: String,
        _ reasons: [Reason],
        count: (Reason) -> (name: String, value: Int)
    ) -> MetricSnapshot.Family {
        let series = reasons.map(count).map {
            (LabelSet([("reason", $0.name)]), MetricSnapshot.Value.counter(Double($0.value)))
        }
        return family(name, help, .counter, series)
    }

    private func family(
        _ name: String,
        _ help: String,
        _ kind: MetricKind,
        _ series: [(LabelSet, MetricSnapshot.Value)]
    ) -> MetricSnapshot.Family {
        MetricSnapshot.Family(
            descriptor: MetricDescriptor(name: "wingbeat.collector.\(name)", kind: kind, help: help),
            series: series.map { MetricSnapshot.Series(labels: $0, value: $1) }
        )
    }
}
