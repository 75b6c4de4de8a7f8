// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Counts what a registry could not take as it was meant, and tells a person once per family.
final class Misuse: Sendable {
    /// The families of the counts, which are not declared like others, so that there is always room for them.
    let tables: [FamilyTable]
    let invalidValues: CounterSeries
    private let shapeConflicts: CounterSeries
    private let overflows: CounterSeries
    private let cutValues: CounterSeries
    private let report: Locked<@Sendable (String) -> Void>
    private let reported = Locked<Set<String>>([])

    init(report: @escaping @Sendable (String) -> Void) {
        self.report = Locked(report)
        tables = [
            ("invalid_values", "Values that could not be recorded: negative, NaN or infinite."),
            ("shape_conflicts", "Look-ups of a metric as what it is not, or beyond the limit of names."),
            ("series_overflows", "Look-ups that met the limit of series per family."),
            ("cut_label_values", "Look-ups with a label value that was too long and was cut."),
        ].map { name, help in
            let descriptor = MetricDescriptor(name: "wingbeat_metrics_\(name)", kind: .counter, help: help)
            return FamilyTable(descriptor: descriptor, limit: 1, misuse: nil)
        }
        let counters = tables.map { CounterSeries(run: $0.run(.empty)) }
        (invalidValues, shapeConflicts, overflows, cutValues) = (counters[0], counters[1], counters[2], counters[3])
    }

    func report(to report: @escaping @Sendable (String) -> Void) { self.report.withLock { $0 = report } }

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

    private func reportOnce(_ name: String, _ sentence: String) {
        if reported.withLock({ $0.insert(name).inserted }) { report.withLock { $0 }(sentence) }
    }
}
