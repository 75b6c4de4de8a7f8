// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatCells
import WingbeatModel

/// The numbers of some series in a row, with the text that stands before them in Prometheus' formats.
package struct ScalarBatch {
    /// The text of all series of the family.
    package let text: UnsafeBufferPointer<UInt8>
    fileprivate let rows: UnsafeBufferPointer<SeriesRows.Row>
    fileprivate let wholes: UnsafeMutableBufferPointer<UInt64>
    fileprivate let fractions: UnsafeMutableBufferPointer<Double>

    /// How many rows there are, holes included.
    package var count: Int { rows.count }

    /// Where the text of a row is; empty for a hole.
    @inline(__always)
    package func textRange(_ row: Int) -> (start: Int, length: Int) { (rows[row].textStart, rows[row].textLength) }

    /// The whole part of a row's number; all of it when the fraction is 0.
    @inline(__always)
    package func whole(_ row: Int) -> UInt64 { wholes[row] }

    /// What is to be added to the whole part.
    @inline(__always)
    package func fraction(_ row: Int) -> Double { fractions[row] }
}

/// A histogram with the text of its labels.
package struct HistogramReading {
    /// The labels as Prometheus writes them, without braces.
    package let labels: UnsafeBufferPointer<UInt8>
    /// The numbers.
    package let value: MetricSnapshot.Histogram
}

extension FamilyTable {
    /// The labels of a series; nil when it was removed.
    func labels(of run: wingbeat_run) -> LabelSet? {
        withState { state in
            layout.row(of: run).flatMap { Self.labels(of: $0, in: state) }
        }
    }

    private static func labels(of row: Int, in state: borrowing State) -> LabelSet? {
        guard let record = state.rows.rows[row].record else { return nil }
        return state.shapes[Int(truncatingIfNeeded: record.key[0] & 0xFFFF)].labels(record.key)
    }

    /// Reads every series.
    package func read() -> MetricSnapshot.Family {
        var series: [MetricSnapshot.Series] = []
        if descriptor.kind == .histogram {
            let runs = withState { state in
                state.rows.runs.indices.compactMap { row in
                    Self.labels(of: row, in: state).map { (labels: $0, run: state.rows.runs[row]) }
                }
            }
            series = runs.map { MetricSnapshot.Series(labels: $0.labels, value: .histogram(readHistogram($0.run))) }
        } else {
            readScalars { state, start, batch in
                for row in 0..<batch.count {
                    guard let labels = Self.labels(of: start + row, in: state) else { continue }
                    let fraction = batch.fraction(row)
                    let value: MetricSnapshot.Value =
                        descriptor.kind == .counter
                        ? .counter(Double(batch.whole(row)) + max(fraction, 0)) : .gauge(fraction)
                    series.append(MetricSnapshot.Series(labels: labels, value: value))
                }
            }
        }
        return MetricSnapshot.Family(descriptor: descriptor, series: series)
    }

    /// Reads counters or gauges batch by batch; between batches others may make and remove series.
    package func forEachScalarBatch(_ body: (ScalarBatch) -> Void) {
        readScalars { _, _, batch in body(batch) }
    }

    /// Reads histograms one by one.
    package func forEachHistogram(_ body: (HistogramReading) -> Void) {
        var row = 0
        while row < withState({ $0.rows.rows.count }) {
            let found = withState { state -> (run: wingbeat_run, labels: [UInt8])? in
                guard row < state.rows.rows.count, state.rows.rows[row].record != nil else { return nil }
                let place = state.rows.rows[row]
                return (
                    state.rows.runs[row], Array(state.rows.text[place.textStart..<place.textStart + place.textLength])
                )
            }
            if let found {
                found.labels.withUnsafeBufferPointer { labels in
                    body(HistogramReading(labels: labels, value: readHistogram(found.run)))
                }
            }
            row += 1
        }
    }

    // MARK: Numbers

    private func readHistogram(_ run: wingbeat_run) -> MetricSnapshot.Histogram {
        var sum = 0.0
        let counts = [UInt64](unsafeUninitializedCapacity: Int(layout.integers)) { counts, count in
            count = Int(layout.integers)
            if let start = counts.baseAddress { wingbeat_run_sum(run, layout.integers, start, &sum) }
        }
        let (sketch, exemplars) = extras.read(run)
        return MetricSnapshot.Histogram(
            upperBounds: descriptor.buckets?.upperBounds ?? [],
            counts: counts,
            sum: sum,
            sketch: sketch,
            exemplars: exemplars
        )
    }

    private func readScalars(_ body: (borrowing State, _ start: Int, ScalarBatch) -> Void) {
        let callbacks = withState { $0.callbacks }
        let callbackValues = callbacks.isEmpty ? [:] : callbacks.mapValues { $0() }  // before the lock: others' code
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 128) { wholes in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: 128) { fractions in
                var start = 0
                while readBatch(from: start, wholes, fractions, callbackValues, body) { start += batchLength }
            }
        }
    }

    /// - Returns: false when there are no more rows.
    private func readBatch(
        from start: Int,
        _ wholes: UnsafeMutableBufferPointer<UInt64>,
        _ fractions: UnsafeMutableBufferPointer<Double>,
        _ callbackValues: [Int: Double],
        _ body: (borrowing State, _ start: Int, ScalarBatch) -> Void
    ) -> Bool {
        withState { state in
            let end = min(start + batchLength, state.rows.rows.count)
            guard start < end else { return false }
            state.rows.runs.withUnsafeBufferPointer { runs in
                let runs = UnsafeBufferPointer(rebasing: runs[start..<end])
                if descriptor.kind == .counter {
                    readCounters(runs, wholes, fractions)
                } else {
                    readGauges(runs, wholes, fractions)
                }
            }
            for (row, value) in callbackValues where (start..<end).contains(row) { fractions[row - start] = value }
            state.rows.text.withUnsafeBufferPointer { text in
                state.rows.rows.withUnsafeBufferPointer { rows in
                    let rows = UnsafeBufferPointer(rebasing: rows[start..<end])
                    body(state, start, ScalarBatch(text: text, rows: rows, wholes: wholes, fractions: fractions))
                }
            }
            return true
        }
    }

    private func readCounters(
        _ runs: UnsafeBufferPointer<wingbeat_run>,
        _ wholes: UnsafeMutableBufferPointer<UInt64>,
        _ fractions: UnsafeMutableBufferPointer<Double>
    ) {
        guard let runStart = runs.baseAddress, let whole = wholes.baseAddress, let fraction = fractions.baseAddress
        else { return }
        wingbeat_runs_sum(runStart, runs.count, whole, fraction)
        for row in runs.indices where fraction[row] < 0 { fraction[row] = 0 }  // what rounding left of a reset
    }

    private func readGauges(
        _ runs: UnsafeBufferPointer<wingbeat_run>,
        _ wholes: UnsafeMutableBufferPointer<UInt64>,
        _ fractions: UnsafeMutableBufferPointer<Double>
    ) {
        for row in runs.indices {
            wholes[row] = 0
            fractions[row] = GaugeSeries(run: runs[row]).value
        }
    }
}

/// How many series are read at a time under the family's lock; their numbers fit what needs no allocation.
private let batchLength = 128
