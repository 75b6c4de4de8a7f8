// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatCells
import WingbeatBytes
import WingbeatModel

/// A family with its series, whatever their kind: finds them, makes them up to a limit, and removes them.
package final class FamilyTable: Sendable {
    package let descriptor: MetricDescriptor
    package let names: ExposedNames
    let layout: RunLayout
    let finder: BucketFinder
    /// Nil for the families of the misuse itself.
    let misuse: Misuse?
    let extras = HistogramExtras()
    private let limit: Int
    private let state: Locked<State>
    /// Read without the lock; changed only by who holds it.
    private let index = SeriesIndex()

    struct State {
        var shapes: [LabelShape] = []
        var rows = SeriesRows()
        var records = RecordArena()
        var callbacks: [Int: @Sendable () -> Double] = [:]
        var overflow: wingbeat_run?
    }

    init(descriptor: MetricDescriptor, limit: Int, misuse: Misuse?) {
        self.descriptor = descriptor
        self.limit = limit
        self.misuse = misuse
        names = ExposedNames(descriptor)
        layout = RunLayout(descriptor)
        state = Locked(State())
        finder = BucketFinder(descriptor.buckets?.upperBounds ?? [])
    }

    deinit {
        withState { for run in $0.rows.runs { wingbeat_run_free(run) } }
    }

    // MARK: Finding

    /// The run of a series whose key is complete; makes it if it is not there.
    @inline(__always)
    func run(_ key: SeriesKey) -> wingbeat_run {
        let words = key.packed
        let hash = words.hashed(seed: index.seed)
        let run = index.run(words, hash: hash)
        return run.tag != wingbeat_no_run.tag ? run : makeRun(words, hash)
    }

    /// The run of a series with any labels.
    func run(_ labels: LabelSet) -> wingbeat_run {
        let canonical = CanonicalLabels(labels, of: descriptor.kind)
        if canonical.isCut { misuse?.cutValue(of: descriptor.name) }
        guard let shape = shape(of: canonical.names, canonical.displayNames) else { return overflowRun() }
        let capacity = canonical.values.reduce(SeriesKey.headerLength(values: canonical.values.count)) {
            $0 + ($1.utf8.count + 7) / 8
        }
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: capacity) { words in
            var key = SeriesKey(in: words, shape: shape.id, values: canonical.values.count)
            for index in shape.names.indices {
                let position = canonical.names.firstIndex(of: shape.names[index]) ?? index
                key.append(canonical.values[position])
            }
            return run(key)
        }
    }

    /// The shape for a set of names; nil when the family has too many shapes already.
    func shape(of names: [String], _ displayNames: [String]) -> LabelShape? {
        state.withLock { state in
            let sorted = names.sorted()
            if let shape = state.shapes.first(where: { $0.sortedNames == sorted }) { return shape }
            guard state.shapes.count < maximumShapes else { return nil }
            let shape = LabelShape(id: UInt16(state.shapes.count), names: names, displayNames: displayNames)
            state.shapes.append(shape)
            return shape
        }
    }

    // MARK: Making

    @inline(never)
    private func makeRun(_ key: UnsafeBufferPointer<UInt64>, _ hash: UInt64) -> wingbeat_run {
        let made: wingbeat_run? = state.withLock { state in
            if let record = index.record(key, hash: hash) { return record.run }
            let isFull = state.rows.count - (state.overflow == nil ? 0 : 1) >= limit
            return isFull ? nil : insert(key, hash, into: &state)
        }
        return made ?? overflowRun()
    }

    /// The run that all label sets beyond the limit share.
    private func overflowRun() -> wingbeat_run {
        misuse?.overflow(of: descriptor.name, limit: limit)
        return state.withLock { state in
            if let overflow = state.overflow { return overflow }
            let shape = Self.overflowShape(in: &state)
            let run = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 4) { words in
                var key = SeriesKey(in: words, shape: shape, values: 1)
                key.append(overflowLabel.value)
                let hash = key.packed.hashed(seed: index.seed)
                return index.record(key.packed, hash: hash)?.run ?? insert(key.packed, hash, into: &state)
            }
            state.overflow = run
            return run
        }
    }

    private static func overflowShape(in state: inout State) -> UInt16 {
        let names = [overflowLabel.name]
        if let shape = state.shapes.first(where: { $0.sortedNames == names }) { return shape.id }
        let shape = LabelShape(id: UInt16(state.shapes.count), names: names, displayNames: names)
        state.shapes.append(shape)
        return shape.id
    }

    private func insert(
        _ key: UnsafeBufferPointer<UInt64>,
        _ hash: UInt64,
        into state: inout State
    ) -> wingbeat_run {
        let run = wingbeat_run_allocate(layout.length)
        guard let shared = wingbeat_run_shared(run) else { return wingbeat_no_run }  // memory is short
        layout.prepare(shared, row: state.rows.next, invalidValues: (misuse?.invalidValues.run ?? run).position)
        let record = state.records.record(key, run: run, row: state.rows.next)
        let shape = state.shapes[Int(truncatingIfNeeded: key[0] & 0xFFFF)]
        state.rows.insert(record, run) { text in
            if descriptor.kind == .histogram { return shape.append(key, to: &text) }
            text.append(text: names.sampleName)
            if !shape.names.isEmpty {
                text.append(UInt8(ascii: "{"))
                shape.append(key, to: &text)
                text.append(UInt8(ascii: "}"))
            }
            text.append(UInt8(ascii: " "))
        }
        index.insert(record, hash: hash)
        return run
    }

    // MARK: Removing

    /// Removes a series, but not the overflow series: many label sets share it. A series of another family is left alone.
    func remove(_ run: wingbeat_run) {
        state.withLock { state in
            guard run.tag != state.overflow?.tag, let row = layout.row(of: run),
                state.rows.runs.indices.contains(row), state.rows.runs[row].tag == run.tag,
                let record = state.rows.rows[row].record
            else { return }
            index.remove(record, hash: record.key.hashed(seed: index.seed))
            state.records.free(record)
            state.rows.remove(row)
            state.callbacks[row] = nil
            extras.forget(run)
            wingbeat_run_free(run)
        }
    }

    // MARK: Reading

    /// True when there is nothing to show.
    package var isEmpty: Bool { withState { $0.rows.count == 0 } }

    /// Calls the body with the state while the family's lock is held.
    func withState<Result>(_ body: (borrowing State) -> Result) -> Result {
        state.withLock { body($0) }
    }

    func setCallback(_ labels: LabelSet, _ read: @escaping @Sendable () -> Double) {
        let run = run(labels)
        state.withLock { state in
            if let row = layout.row(of: run) { state.callbacks[row] = read }
        }
    }
}

/// OpenTelemetry metrics SDK, "cardinality limits".
private let overflowLabel = Label("otel_metric_overflow", "true")
private let maximumShapes = 1000
