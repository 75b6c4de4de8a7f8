// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Metrics
import Synchronization
import WingbeatModel

/// One series of a counter: a sum that only grows, kept as whole numbers and fractions apart so that counting by one
/// is a single atomic addition and stays exact beyond 2^53.
public final class CounterSeries: Series {
    let labels: LabelSet
    private let whole = Atomic<UInt64>(0)
    private let fraction = AtomicDouble(0)
    private weak let table: SeriesTable<CounterSeries>?
    private let misuse: Misuse

    init(labels: LabelSet, table: SeriesTable<CounterSeries>?, misuse: Misuse) {
        self.labels = labels
        self.table = table
        self.misuse = misuse
    }

    /// Adds one.
    public func increment() {
        whole.wrappingAdd(1, ordering: .relaxed)
    }

    /// Adds a whole number; a negative one is dropped and counted.
    public func increment(by amount: Int) { increment(by: Int64(amount)) }

    /// The sum so far.
    public var value: Double {
        Double(whole.load(ordering: .relaxed)) + fraction.load()
    }

    func read() -> MetricSnapshot.Value { .counter(value) }

    func remove() { table?.remove(self) }
}

extension CounterSeries: CounterHandler, FloatingPointCounterHandler {
    /// Adds a whole number; a negative one is dropped and counted.
    public func increment(by amount: Int64) {
        guard amount >= 0 else { return misuse.invalidValue() }
        whole.wrappingAdd(UInt64(amount), ordering: .relaxed)
    }

    /// Adds a number; a negative one, NaN and infinity are dropped and counted.
    public func increment(by amount: Double) {
        guard amount >= 0, amount.isFinite else { return misuse.invalidValue() }
        fraction.add(amount)
    }

    /// Starts again at zero, which backends take for a restart of the process.
    public func reset() {
        whole.store(0, ordering: .relaxed)
        fraction.store(0)
    }
}
