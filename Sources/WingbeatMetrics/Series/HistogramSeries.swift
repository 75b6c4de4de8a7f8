// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Metrics
import Synchronization
import WingbeatModel

/// One series of a histogram: how many values fell into each bucket, and their sum.
public final class HistogramSeries: Series {
    let labels: LabelSet
    private let buckets: Buckets
    // Sendable: the pointer is never changed, and what it points to is atomic.
    private nonisolated(unsafe) let counts: UnsafeMutablePointer<Atomic<UInt64>>
    private let sum = AtomicDouble(0)
    private weak let table: SeriesTable<HistogramSeries>?
    private let misuse: Misuse

    init(buckets: Buckets, labels: LabelSet, table: SeriesTable<HistogramSeries>?, misuse: Misuse) {
        self.labels = labels
        self.buckets = buckets
        self.table = table
        self.misuse = misuse
        counts = .allocate(capacity: buckets.upperBounds.count + 1)
        for index in 0...buckets.upperBounds.count { (counts + index).initialize(to: Atomic(0)) }
    }

    deinit {
        counts.deinitialize(count: buckets.upperBounds.count + 1)
        counts.deallocate()
    }

    /// Counts a value; NaN and infinities are dropped and counted as invalid.
    public func observe(_ value: Double) {
        guard value.isFinite else { return misuse.invalidValue() }
        counts[bucket(of: value)].wrappingAdd(1, ordering: .relaxed)
        sum.add(value)
    }

    /// Counts how long something took, in seconds; a negative duration is dropped and counted as invalid.
    public func observe(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let value = Double(seconds) + Double(attoseconds) / 1e18
        guard value >= 0 else { return misuse.invalidValue() }
        observe(value)
    }

    private func bucket(of value: Double) -> Int {
        // Without branches: bounds are few, and a mispredicted jump costs more than comparing with all of them.
        buckets.upperBounds.withUnsafeBufferPointer { bounds in
            var below = 0
            for bound in bounds { below &+= bound < value ? 1 : 0 }
            return below
        }
    }

    func read() -> MetricSnapshot.Value {
        let bounds = buckets.upperBounds
        return .histogram(
            MetricSnapshot.Histogram(
                upperBounds: bounds,
                counts: (0...bounds.count).map { counts[$0].load(ordering: .relaxed) },
                sum: sum.load()
            )
        )
    }

    func remove() { table?.remove(self) }
}

extension HistogramSeries: RecorderHandler, TimerHandler {
    /// Counts a value.
    public func record(_ value: Int64) { observe(Double(value)) }

    /// Counts a value.
    public func record(_ value: Double) { observe(value) }

    /// Counts a duration, in seconds; a negative one is dropped and counted.
    public func recordNanoseconds(_ nanoseconds: Int64) {
        guard nanoseconds >= 0 else { return misuse.invalidValue() }
        observe(Double(nanoseconds) / 1e9)
    }
}
