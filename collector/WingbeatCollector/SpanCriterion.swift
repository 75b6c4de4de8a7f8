// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel
import WingbeatSpanCodecs

/// One thing that a query wants of a span, in Zipkin's view of it.
public enum SpanCriterion: Hashable, Sendable {
    /// Any span at all.
    case anything
    /// The name of the span, in lower case.
    case name(String)
    /// The other side of the call, in lower case.
    case remoteService(String)
    /// The duration in microseconds.
    case duration(ClosedRange<UInt64>)
    /// A tag with this key, or an annotation with this text.
    case word(String)
    /// A tag with this key and value.
    case tag(key: String, value: String)

    /// True when the span bears it.
    public func isMet(by span: SpanRecord) -> Bool {
        let view = ZipkinSpan(span)
        switch self {
        case .anything: return true
        case .name(let name): return span.name.lowercased() == name
        case .remoteService(let name): return view.remoteEndpoint?.serviceName?.lowercased() == name
        case .duration(let range): return range.contains(view.duration ?? 0)
        case .word(let word):
            return view.annotations.contains { $0.value == word } || view.tags.contains { $0.key == word }
        case .tag(let key, let value): return view.tags.contains { $0.key == key && $0.value == value }
        }
    }
}

extension TraceQuery {
    /// What the spans of a trace must bear, each thing by one span of the service that is asked for.
    public var criteria: [SpanCriterion] {
        var criteria: [SpanCriterion] = []
        if let spanName { criteria.append(.name(spanName)) }
        if let remoteServiceName { criteria.append(.remoteService(remoteServiceName)) }
        if let durations { criteria.append(.duration(durations)) }
        for (key, value) in annotations {
            criteria.append(value.isEmpty ? .word(key) : .tag(key: key, value: value))
        }
        return criteria.isEmpty && serviceName != nil ? [.anything] : criteria
    }
}
