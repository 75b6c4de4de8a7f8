// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel
import WingbeatSpanCodecs

extension TraceQuery {
    /// True when the trace, all its spans given, is one that the query looks for.
    public func matches(_ spans: [SpanRecord]) -> Bool {
        guard let timestamp = Self.timestamp(of: spans), window.contains(timestamp) else { return false }
        var criteria = OpenCriteria(self)
        for span in spans where serviceName == nil || span.serviceName?.lowercased() == serviceName {
            criteria.meet(span)
        }
        return criteria.areMet
    }

    /// When the trace began: its root's timestamp, or else the earliest; in microseconds since 1970.
    public static func timestamp(of spans: [SpanRecord]) -> Int64? {
        let starts = spans.filter { $0.startNanoseconds > 0 }
        let start = starts.first { $0.parentID == nil } ?? starts.min { $0.startNanoseconds < $1.startNanoseconds }
        return start.map { Int64($0.startNanoseconds / 1000) }
    }
}

/// The criteria of a query that no span has met so far.
private struct OpenCriteria {
    private var service: Bool
    private var remoteService: String?
    private var spanName: String?
    private var durations: ClosedRange<UInt64>?
    private var annotations: [String: String]

    init(_ query: TraceQuery) {
        service = query.serviceName != nil
        remoteService = query.remoteServiceName
        spanName = query.spanName
        durations = query.durations
        annotations = query.annotations
    }

    var areMet: Bool {
        !service && remoteService == nil && spanName == nil && durations == nil && annotations.isEmpty
    }

    mutating func meet(_ span: SpanRecord) {
        let view = ZipkinSpan(span)
        service = false
        if spanName == span.name.lowercased() { spanName = nil }
        if let name = remoteService, view.remoteEndpoint?.serviceName?.lowercased() == name { remoteService = nil }
        if let range = durations, range.contains(view.duration ?? 0) { durations = nil }
        if !annotations.isEmpty { meetAnnotations(view) }
    }

    private mutating func meetAnnotations(_ view: ZipkinSpan) {
        for annotation in view.annotations where annotations[annotation.value] == "" {
            annotations[annotation.value] = nil
        }
        for (key, value) in view.tags {
            guard let wanted = annotations[key], wanted.isEmpty || wanted == value else { continue }
            annotations[key] = nil
        }
    }
}
