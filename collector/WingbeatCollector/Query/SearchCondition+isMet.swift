// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel
import WingbeatSpanCodecs

extension SearchCondition {
    /// True when the span bears it; false for what belongs to a trace.
    public func isMet(by span: SpanRecord) -> Bool {
        switch field {
        case .failed: test.accepts(span.isError ? "true" : "false")
        case .word: isWord(of: span)
        case .service: test.accepts(folding: span.serviceName)
        case .name: test.accepts(folding: span.name)
        case .remote: test.accepts(folding: ZipkinSpan(span).remoteEndpoint?.serviceName)
        case .kind: test.accepts(SearchField.kinds.first { $0.kind == span.kind }?.name)
        case .status: test.accepts(span.searchedStatus)
        case .traceID: isOfTrace(span.traceID)
        case .spanID: test.accepts(span.id.hex)
        case .event: span.events.contains { test.accepts($0.name) }
        case .duration: test.accepts(span.durationNanoseconds == 0 ? nil : Double(span.durationNanoseconds))
        case .attribute(let key): test.accepts(ZipkinSpan(span).tag(key))
        case .traceDuration, .traceSpans, .traceErrors, .rootService, .rootName: false
        }
    }

    /// True when the trace bears it; false for what belongs to a span.
    public func isMet(by trace: TraceSummary) -> Bool {
        switch field {
        case .traceDuration:
            test.accepts(Double(trace.endNanoseconds - min(trace.startNanoseconds, trace.endNanoseconds)))
        case .traceSpans: test.accepts(Double(trace.spanCount))
        case .traceErrors: test.accepts(Double(trace.errorCount))
        case .rootService: test.accepts(folding: trace.rootService)
        case .rootName: test.accepts(folding: trace.rootName)
        default: false
        }
    }

    private func isWord(of span: SpanRecord) -> Bool {
        guard case .prefix(let word) = test else { return false }
        return span.name.hasWord(beginningWith: word) || span.serviceName?.hasWord(beginningWith: word) == true
    }

    /// Some services know 64 bits of an id of 128.
    private func isOfTrace(_ id: TraceID) -> Bool {
        if test.accepts(id.hex) { return true }
        guard case .equal(let hex) = test, let wanted = TraceID(hex: hex) else { return false }
        return wanted.low == id.low && (wanted.high == 0 || id.high == 0)
    }
}

extension SpanRecord {
    fileprivate var searchedStatus: String {
        if isError { return "error" }
        return status == .ok ? "ok" : "unset"
    }
}

extension SearchTest {
    func accepts(_ text: String?) -> Bool {
        guard let text, !text.isEmpty || self == .equal("") else { return false }
        switch self {
        case .exists: return true
        case .equal(let wanted): return text.hasSameBytes(as: wanted)
        case .prefix(let wanted): return text.utf8.starts(with: wanted.utf8)
        case .notEqual(let unwanted): return !text.hasSameBytes(as: unwanted)
        case .notPrefix(let unwanted): return !text.utf8.starts(with: unwanted.utf8)
        case .number: return false
        }
    }

    /// The same for a name, of which the test has the lower case.
    func accepts(folding text: String?) -> Bool {
        if case .equal(let wanted) = self, let text { return text.isFolded(to: wanted) }
        return accepts(text?.lowercased())
    }

    func accepts(_ number: Double?) -> Bool {
        guard let number else { return false }
        guard case .number(let comparison, let operand) = self else { return self == .exists }
        return comparison.holds(number, operand)
    }

    func accepts(_ value: AttributeValue?) -> Bool {
        guard let value else { return false }
        switch self {
        case .exists: return true
        case .number(let comparison, let operand):
            return value.number.map { comparison.holds($0, operand) } ?? false
        case .equal(let wanted): return value.isShown(as: wanted)
        case .notEqual(let unwanted): return !value.isShown(as: unwanted)
        case .prefix, .notPrefix: return accepts(value.description)
        }
    }
}

extension AttributeValue {
    /// The value as a number; nil where it is none.
    fileprivate var number: Double? {
        switch self {
        case .int(let number): Double(number)
        case .double(let number): number
        case .string(let text): Double(text)
        default: nil
        }
    }
}

extension String {
    /// True when the text, or a word in it, begins so; a word begins behind what is neither letter nor digit.
    package func hasWord(beginningWith folded: String) -> Bool {
        let text = Array(lowercased().utf8)
        let word = Array(folded.utf8)
        guard let first = word.first, text.count >= word.count else { return word.isEmpty }
        for start in 0...(text.count - word.count) where text[start] == first {
            let isStart = start == 0 || !text[start - 1].isOfWord || !first.isOfWord
            if isStart, text[start...].starts(with: word) { return true }
        }
        return false
    }
}

extension UInt8 {
    /// True for letters and digits, and for all that is not ASCII.
    fileprivate var isOfWord: Bool {
        self >= 0x80 || (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
    }
}
