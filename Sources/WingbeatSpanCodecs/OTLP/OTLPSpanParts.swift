// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// What is set in a span when all of it has been read, since its fields may come in any order.
struct OTLPSpanParts {
    var trace = OTLPID.none
    var id = OTLPID.none
    var parent = OTLPID.none
    /// In nanoseconds since 1970; zero when unknown.
    var end: UInt64 = 0
    /// True when one of the attributes says that the span comes from Zipkin.
    var isZipkin = false

    /// Sets them; false where the ids are not valid.
    @inline(__always)
    func finish(_ span: inout SpanRecord) -> Bool {
        guard let traceID = trace.traceID, let spanID = id.spanID, parent.count == 8 || parent.count == 0 else {
            return false
        }
        span.traceID = traceID
        span.id = spanID
        span.parentID = parent.spanID
        span.durationNanoseconds = end > span.startNanoseconds ? end - span.startNanoseconds : 0
        if isZipkin { ZipkinMapping.restore(&span) }
        return true
    }

    /// What is wrong with the ids.
    var problem: String {
        if trace.traceID == nil { return trace.problem("trace id", expected: 16) }
        if id.spanID == nil { return id.problem("span id", expected: 8) }
        return parent.problem("parent span id", expected: 8)
    }
}

extension SpanRecord {
    /// Counts links that were left out, up to the largest count there is.
    mutating func dropLinks(_ count: UInt32) {
        let (sum, overflow) = dropped.links.addingReportingOverflow(count)
        dropped.links = overflow ? .max : sum
    }
}

extension SpanRecord.Link {
    /// The link with ids; nil where they are not valid.
    func with(_ trace: OTLPID, _ span: OTLPID) -> SpanRecord.Link? {
        guard let traceID = trace.traceID, let spanID = span.spanID else { return nil }
        var link = self
        link.traceID = traceID
        link.spanID = spanID
        return link
    }
}
