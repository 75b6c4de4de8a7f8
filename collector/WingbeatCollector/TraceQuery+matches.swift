// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

extension TraceQuery {
    /// True when the trace, all its spans given, is one that the query looks for.
    public func matches(_ spans: [SpanRecord]) -> Bool {
        guard let timestamp = Self.timestamp(of: spans), window.contains(timestamp) else { return false }
        let isCandidate = spans.map { span in serviceName.map { span.serviceName?.isFolded(to: $0) == true } ?? true }
        return criteria.allSatisfy { criterion in
            spans.indices.contains { isCandidate[$0] && criterion.isMet(by: spans[$0]) }
        }
    }

    /// When the trace began: its root's timestamp, or else the earliest; in microseconds since 1970.
    public static func timestamp(of spans: [SpanRecord]) -> Int64? {
        let starts = spans.filter { $0.startNanoseconds > 0 }
        let start = starts.first { $0.parentID == nil } ?? starts.min { $0.startNanoseconds < $1.startNanoseconds }
        return start.map { Int64($0.startNanoseconds / 1000) }
    }
}
