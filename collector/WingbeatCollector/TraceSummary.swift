// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// What a list of traces says of one of them.
public struct TraceSummary: Hashable, Sendable {
    /// The trace.
    public let id: TraceID
    /// The service of the root, or of the earliest span where the root is missing; empty when unknown.
    public let rootService: String
    /// The name of that span; empty when unknown.
    public let rootName: String
    /// The start of the earliest span, in nanoseconds since 1970; zero when no span has one.
    public let startNanoseconds: UInt64
    /// The end of the latest span, in nanoseconds since 1970.
    public let endNanoseconds: UInt64
    /// How many spans there are, fragments counted.
    public let spanCount: Int
    /// How many of them failed.
    public let errorCount: Int
    /// How many spans each service has, by its name as it came.
    public let services: [String: Int]

    /// The summary of a trace, all its spans given; nil when there are none.
    public init?(_ spans: [SpanRecord]) {
        guard let first = spans.first else { return nil }
        let timed = spans.filter { $0.startNanoseconds > 0 }
        let earliest = timed.min { $0.startNanoseconds < $1.startNanoseconds }
        let root = spans.first { $0.parentID == nil } ?? earliest ?? first
        id = first.traceID
        rootService = root.serviceName ?? ""
        rootName = root.name
        startNanoseconds = earliest?.startNanoseconds ?? 0
        endNanoseconds = timed.map(\.endNanoseconds).max() ?? 0
        spanCount = spans.count
        errorCount = spans.count { $0.isError }
        services = spans.reduce(into: [:]) { counts, span in
            if let name = span.serviceName, !name.isEmpty { counts[name, default: 0] += 1 }
        }
    }
}

extension SpanRecord {
    /// The end in nanoseconds since 1970; the largest number where it lies beyond.
    public var endNanoseconds: UInt64 {
        let (end, overflow) = startNanoseconds.addingReportingOverflow(durationNanoseconds)
        return overflow ? .max : end
    }
}
