// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Metrics
import Synchronization
import WingbeatModel

/// One series of a gauge: a value that goes up and down.
public final class GaugeSeries: Series {
    let labels: LabelSet
    private let callback = Mutex<(@Sendable () -> Double)?>(nil)
    private let current = AtomicDouble(0)
    private weak let table: SeriesTable<GaugeSeries>?
    private let misuse: Misuse

    init(labels: LabelSet, table: SeriesTable<GaugeSeries>?, misuse: Misuse) {
        self.labels = labels
        self.table = table
        self.misuse = misuse
    }

    /// The current value.
    public var value: Double { current.load() }

    /// Replaces the value.
    public func set(_ value: Int) { current.store(Double(value)) }

    /// Adds a number, which may be negative; NaN and infinities are dropped and counted.
    public func add(_ amount: Double) {
        guard amount.isFinite else { return misuse.invalidValue() }
        current.add(amount)
    }

    func read() -> MetricSnapshot.Value { .gauge(callback.withLock { $0 }?() ?? value) }

    func setCallback(_ read: @escaping @Sendable () -> Double) { callback.withLock { $0 = read } }

    func remove() { table?.remove(self) }
}

extension GaugeSeries: MeterHandler {
    /// Replaces the value.
    public func set(_ value: Int64) { current.store(Double(value)) }

    /// Replaces the value; NaN and infinities are kept as they are, for they may mean something in a gauge.
    public func set(_ value: Double) { current.store(value) }

    /// Adds a number.
    public func increment(by amount: Double) { add(amount) }

    /// Takes a number away.
    public func decrement(by amount: Double) { add(-amount) }
}

/// swift-metrics' `Gauge` is a recorder that does not aggregate.
extension GaugeSeries: RecorderHandler {
    /// Replaces the value.
    public func record(_ value: Int64) { set(value) }

    /// Replaces the value.
    public func record(_ value: Double) { set(value) }
}
