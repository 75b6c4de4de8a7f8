// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// A counter with labels: `requests["GET", "/orders"].increment()`.
public struct CounterFamily: Sendable {
    let table: SeriesTable<CounterSeries>
    let labelNames: [String]

    /// The series for the labels' values, in the order in which the names were declared. Keep it where the values
    /// do not change; looking it up costs a hash and a lock.
    public subscript(_ values: String...) -> CounterSeries { table.series(LabelSet(labelNames, values)) }

    /// The series for labels of any name.
    public subscript(labels labels: LabelSet) -> CounterSeries { table.series(labels) }
}

/// A gauge with labels: `queued["mail"].set(3)`.
public struct GaugeFamily: Sendable {
    let table: SeriesTable<GaugeSeries>
    let labelNames: [String]

    /// The series for the labels' values, in the order in which the names were declared.
    public subscript(_ values: String...) -> GaugeSeries { table.series(LabelSet(labelNames, values)) }

    /// The series for labels of any name.
    public subscript(labels labels: LabelSet) -> GaugeSeries { table.series(labels) }
}

/// A histogram with labels: `duration["GET"].observe(.milliseconds(3))`.
public struct HistogramFamily: Sendable {
    let table: SeriesTable<HistogramSeries>
    let labelNames: [String]

    /// The series for the labels' values, in the order in which the names were declared.
    public subscript(_ values: String...) -> HistogramSeries { table.series(LabelSet(labelNames, values)) }

    /// The series for labels of any name.
    public subscript(labels labels: LabelSet) -> HistogramSeries { table.series(labels) }
}

extension LabelSet {
    /// Pairs names with values. A missing value is empty; a value without a name is labelled `label_3` for the third.
    fileprivate init(_ names: [String], _ values: [String]) {
        self.init(
            (0..<max(names.count, values.count)).map { index in
                Label(
                    index < names.count ? names[index] : "label_\(index + 1)",
                    index < values.count ? values[index] : ""
                )
            }
        )
    }
}
