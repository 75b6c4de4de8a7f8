// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// A counter with labels: `requests["GET", "/orders"].increment()`.
///
/// The values are given in the order in which the names were declared; a missing value means that the series does not
/// have the label, and a value without a name is labelled `label_3` for the third. Finding a series takes no lock and
/// no memory once the series is there. Keep the series where the values do not change.
public struct CounterFamily: Sendable {
    let labels: DeclaredLabels

    /// The series without labels.
    public subscript() -> CounterSeries { CounterSeries(run: labels.run()) }

    /// The series for the value of one label.
    public subscript(_ value: String) -> CounterSeries { CounterSeries(run: labels.run(value)) }

    /// The series for the values of two labels.
    public subscript(_ first: String, _ second: String) -> CounterSeries {
        CounterSeries(run: labels.run(first, second))
    }

    /// The series for the values of three labels.
    public subscript(_ first: String, _ second: String, _ third: String) -> CounterSeries {
        CounterSeries(run: labels.run(first, second, third))
    }

    /// The series for the values of any number of labels.
    public subscript(_ values: String...) -> CounterSeries { CounterSeries(run: labels.run(values)) }

    /// The series for labels of any name.
    public subscript(labels set: LabelSet) -> CounterSeries { CounterSeries(run: labels.table.run(set)) }

    /// Removes the series from what is read; a copy of it counts for nobody from then on.
    public func remove(_ series: CounterSeries) { labels.table.remove(series.run) }
}

/// A gauge with labels: `queued["mail"].set(3)`. Labels work as in ``CounterFamily``.
public struct GaugeFamily: Sendable {
    let labels: DeclaredLabels

    /// The series without labels.
    public subscript() -> GaugeSeries { GaugeSeries(run: labels.run()) }

    /// The series for the value of one label.
    public subscript(_ value: String) -> GaugeSeries { GaugeSeries(run: labels.run(value)) }

    /// The series for the values of two labels.
    public subscript(_ first: String, _ second: String) -> GaugeSeries { GaugeSeries(run: labels.run(first, second)) }

    /// The series for the values of three labels.
    public subscript(_ first: String, _ second: String, _ third: String) -> GaugeSeries {
        GaugeSeries(run: labels.run(first, second, third))
    }

    /// The series for the values of any number of labels.
    public subscript(_ values: String...) -> GaugeSeries { GaugeSeries(run: labels.run(values)) }

    /// The series for labels of any name.
    public subscript(labels set: LabelSet) -> GaugeSeries { GaugeSeries(run: labels.table.run(set)) }

    /// Removes the series from what is read; a copy of it sets nothing from then on.
    public func remove(_ series: GaugeSeries) { labels.table.remove(series.run) }
}

/// A histogram with labels: `duration["GET"].observe(.milliseconds(3))`. Labels work as in ``CounterFamily``.
public struct HistogramFamily: Sendable {
    let labels: DeclaredLabels

    /// The series without labels.
    public subscript() -> HistogramSeries { HistogramSeries(table: labels.table, run: labels.run()) }

    /// The series for the value of one label.
    public subscript(_ value: String) -> HistogramSeries {
        HistogramSeries(table: labels.table, run: labels.run(value))
    }

    /// The series for the values of two labels.
    public subscript(_ first: String, _ second: String) -> HistogramSeries {
        HistogramSeries(table: labels.table, run: labels.run(first, second))
    }

    /// The series for the values of three labels.
    public subscript(_ first: String, _ second: String, _ third: String) -> HistogramSeries {
        HistogramSeries(table: labels.table, run: labels.run(first, second, third))
    }

    /// The series for the values of any number of labels.
    public subscript(_ values: String...) -> HistogramSeries {
        HistogramSeries(table: labels.table, run: labels.run(values))
    }

    /// The series for labels of any name.
    public subscript(labels set: LabelSet) -> HistogramSeries {
        HistogramSeries(table: labels.table, run: labels.table.run(set))
    }

    /// Removes the series from what is read; a copy of it observes for nobody from then on.
    public func remove(_ series: HistogramSeries) { labels.table.remove(series.run) }
}
