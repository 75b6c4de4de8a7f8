// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatModel

/// Counts what a registry could not take as it was meant, and tells a person once per family.
final class Misuse: Sendable {
    private let report: @Sendable (String) -> Void
    private let invalidValues = Atomic<UInt64>(0)
    private let shapeConflicts = Atomic<UInt64>(0)
    private let overflows = Atomic<UInt64>(0)
    private let reported = Mutex<Set<String>>([])

    init(report: @escaping @Sendable (String) -> Void) {
        self.report = report
    }

    func invalidValue() {
        invalidValues.wrappingAdd(1, ordering: .relaxed)
    }

    func shape(of name: String, _ sentence: String) {
        shapeConflicts.wrappingAdd(1, ordering: .relaxed)
        reportOnce(name, sentence)
    }

    func overflow(of name: String, limit: Int) {
        overflows.wrappingAdd(1, ordering: .relaxed)
        reportOnce(name, "\(name) has \(limit) series; further label sets share one overflow series")
    }

    func tooManyFamilies(limit: Int) {
        shapeConflicts.wrappingAdd(1, ordering: .relaxed)
        reportOnce("", "there are \(limit) metrics; what is recorded through further names is lost")
    }

    func read() -> [MetricSnapshot.Family] {
        [
            family("invalid_values", "Values that could not be recorded: negative, NaN or infinite.", invalidValues),
            family(
                "shape_conflicts",
                "Look-ups of a metric as what it is not, or beyond the limit of names.",
                shapeConflicts
            ),
            family("series_overflows", "Look-ups that met the limit of series per family.", overflows),
        ]
    }

    private func family(_ name: String, _ help: String, _ count: borrowing Atomic<UInt64>) -> MetricSnapshot.Family {
        let name = "wingbeat_metrics_\(name)"
        let descriptor = MetricDescriptor(name: name, kind: .counter, help: help, unit: "", buckets: nil)
        let value = MetricSnapshot.Value.counter(Double(count.load(ordering: .relaxed)))
        return MetricSnapshot.Family(
            descriptor: descriptor,
            series: [MetricSnapshot.Series(labels: .empty, value: value)]
        )
    }

    private func reportOnce(_ name: String, _ sentence: String) {
        if reported.withLock({ $0.insert(name).inserted }) { report(sentence) }
    }
}
