// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatCells
import WingbeatModel

/// Counts what a registry could not take as it was meant, and tells a person once per family.
final class Misuse: Sendable {
    let invalidValues = CounterSeries(run: wingbeat_run_allocate(4))
    private let shapeConflicts = CounterSeries(run: wingbeat_run_allocate(4))
    private let overflows = CounterSeries(run: wingbeat_run_allocate(4))
    private let cutValues = CounterSeries(run: wingbeat_run_allocate(4))
    private let report: @Sendable (String) -> Void
    private let reported = Locked<Set<String>>([])

    init(report: @escaping @Sendable (String) -> Void) {
        self.report = report
    }

    deinit {
        for counter in [invalidValues, shapeConflicts, overflows, cutValues] { wingbeat_run_free(counter.run) }
    }

    func shape(of name: String, _ sentence: String) {
        shapeConflicts.increment()
        reportOnce(name, sentence)
    }

    func overflow(of name: String, limit: Int) {
        overflows.increment()
        reportOnce(name, "\(name) has \(limit) series; further label sets share one overflow series")
    }

    func cutValue(of name: String) {
        cutValues.increment()
        reportOnce(name, "\(name) has label values of more than \(SeriesKey.maximumValueLength) bytes; they are cut")
    }

    func tooManyFamilies(limit: Int) {
        shapeConflicts.increment()
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
            family("cut_label_values", "Look-ups with a label value that was too long and was cut.", cutValues),
        ]
    }

    private func family(_ name: String, _ help: String, _ counter: CounterSeries) -> MetricSnapshot.Family {
        MetricSnapshot.Family(
            descriptor: MetricDescriptor(name: "wingbeat_metrics_\(name)", kind: .counter, help: help),
            series: [MetricSnapshot.Series(labels: .empty, value: .counter(counter.value))]
        )
    }

    private func reportOnce(_ name: String, _ sentence: String) {
        if reported.withLock({ $0.insert(name).inserted }) { report(sentence) }
    }
}
