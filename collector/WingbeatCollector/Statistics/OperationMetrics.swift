// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// What was counted of an operation since the start, in the form that Prometheus wants.
public struct OperationMetrics: Sendable {
    /// The bounds of the buckets in seconds.
    public static let upperBounds: [Double] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    private static let bounds: [UInt64] = upperBounds.map { UInt64($0 * 1e9) }

    /// A span as an example of its bucket.
    public struct Example: Sendable {
        /// The span's trace.
        public let traceID: TraceID
        /// The span.
        public let spanID: SpanID
        /// How long it took, in seconds.
        public let seconds: Double
        /// When it came, in nanoseconds since 1970.
        public let unixNanoseconds: UInt64
    }

    /// How many spans there were by kind and error: see ``count(_:isError:)``.
    private var counts = [UInt64](repeating: 0, count: 12)
    /// How many spans fell into each bucket; one more than there are bounds. Spans without a duration are in none.
    public private(set) var buckets = [UInt64](repeating: 0, count: OperationMetrics.bounds.count + 1)
    /// The last span of each bucket, where there was one.
    public private(set) var examples = [Example?](repeating: nil, count: OperationMetrics.bounds.count + 1)
    /// The sum of all durations in seconds.
    public private(set) var seconds = 0.0

    init() {}

    /// How many spans there were of a kind (nil where nobody said), failed or not.
    public func count(_ kind: SpanRecord.Kind?, isError: Bool) -> UInt64 { counts[Self.place(kind, isError)] }

    mutating func record(_ span: SpanRecord, isError: Bool, isExample: Bool, now: UInt64) {
        counts[Self.place(span.kind, isError)] &+= 1
        guard span.durationNanoseconds > 0 else { return }
        var bucket = 0
        for bound in Self.bounds where span.durationNanoseconds > bound { bucket += 1 }
        let duration = Double(span.durationNanoseconds) / 1e9
        buckets[bucket] &+= 1
        seconds += duration
        guard isExample else { return }
        examples[bucket] = Example(
            traceID: span.traceID,
            spanID: span.id,
            seconds: duration,
            unixNanoseconds: now
        )
    }

    /// Adds what was counted of another operation.
    public mutating func add(_ other: OperationMetrics) {
        for index in counts.indices { counts[index] &+= other.counts[index] }
        for index in buckets.indices {
            buckets[index] &+= other.buckets[index]
            examples[index] = other.examples[index] ?? examples[index]
        }
        seconds += other.seconds
    }

    private static func place(_ kind: SpanRecord.Kind?, _ isError: Bool) -> Int {
        Int(kind?.rawValue ?? 0) * 2 + (isError ? 1 : 0)
    }
}
