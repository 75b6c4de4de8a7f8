// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatCells
import Metrics

/// A series of a counter as swift-metrics wants it: an object, which keeps the family.
final class CounterHandle: CounterHandler, FloatingPointCounterHandler {
    private let series: CounterSeries
    private let table: FamilyTable

    init(_ table: FamilyTable, _ run: wingbeat_run) {
        self.table = table
        series = CounterSeries(run: run)
    }

    func increment(by amount: Int64) { series.increment(by: amount) }

    func increment(by amount: Double) { series.increment(by: amount) }

    func reset() { series.reset() }

    func remove() { table.remove(series.run) }
}

/// A series of a gauge as swift-metrics wants it. Its `Gauge` is a recorder that does not aggregate.
final class GaugeHandle: MeterHandler, RecorderHandler {
    private let series: GaugeSeries
    private let table: FamilyTable

    init(_ table: FamilyTable, _ run: wingbeat_run) {
        self.table = table
        series = GaugeSeries(run: run)
    }

    func set(_ value: Int64) { series.set(value) }

    func set(_ value: Double) { series.set(value) }

    func increment(by amount: Double) { series.add(amount) }

    func decrement(by amount: Double) { series.add(-amount) }

    func record(_ value: Int64) { series.set(value) }

    func record(_ value: Double) { series.set(value) }

    func remove() { table.remove(series.run) }
}

/// A series of a histogram as swift-metrics wants it.
final class HistogramHandle: RecorderHandler, TimerHandler {
    private let series: HistogramSeries

    init(_ table: FamilyTable, _ run: wingbeat_run) {
        series = HistogramSeries(table: table, run: run)
    }

    func record(_ value: Int64) { series.observe(Double(value)) }

    func record(_ value: Double) { series.observe(value) }

    /// Counts a duration, in seconds; a negative one is dropped and counted as invalid.
    func recordNanoseconds(_ nanoseconds: Int64) {
        guard nanoseconds >= 0 else { return series.run.countInvalidValue() }
        series.observe(Double(nanoseconds) / 1e9)
    }

    func remove() { series.table.remove(series.run) }
}
