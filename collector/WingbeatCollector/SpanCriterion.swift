// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel
import WingbeatSpanCodecs

/// One thing that a query wants of a span, in Zipkin's view of it.
///
/// Texts are compared byte by byte, as Zipkin does: what Unicode holds for equal but is encoded otherwise is another text.
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
        switch self {
        case .anything: true
        case .name(let name): span.name.isFolded(to: name)
        case .remoteService(let name): ZipkinSpan(span).remoteEndpoint?.serviceName?.isFolded(to: name) == true
        case .duration(let range): range.contains(ZipkinSpan.duration(span.durationNanoseconds) ?? 0)
        case .word(let word): ZipkinSpan(span).hasAnnotation(word) || ZipkinSpan(span).tag(word) != nil
        case .tag(let key, let value): ZipkinSpan(span).tag(key)?.isShown(as: value) == true
        }
    }
}

extension String {
    /// True when this text in lower case is the other.
    func isFolded(to folded: String) -> Bool {
        // Lower case may take another number of bytes only beyond ASCII.
        guard utf8.allSatisfy({ $0 < 0x80 }) else { return lowercased().hasSameBytes(as: folded) }
        guard utf8.count == folded.utf8.count else { return false }
        return zip(utf8, folded.utf8).allSatisfy { byte, wanted in
            (byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte) == wanted
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
