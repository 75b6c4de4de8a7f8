// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

extension SearchExpression {
    /// True when the trace, all its spans given, is one that is looked for.
    public func matches(_ trace: [SpanRecord]) -> Bool {
        var evidence = TraceEvidence(spans: trace)
        return evidence.hasSpan(meeting: evidence.resolved(self))
    }

    /// The spans of a trace that meet the conditions, in their order: what to show within a trace.
    ///
    /// Here every span is asked alone: what is negated must not hold of it, and of several braces beside each other one is
    /// enough.
    public func spans(in trace: [SpanRecord]) -> [SpanRecord] {
        let summary = TraceSummary(trace)
        return trace.filter { isMet(by: $0, of: summary) }
    }

    private func isMet(by span: SpanRecord, of trace: TraceSummary?) -> Bool {
        switch self {
        case .all(let parts):
            let braces = parts.filter(\.isBrace)
            return parts.allSatisfy { $0.isBrace || $0.isMet(by: span, of: trace) }
                && (braces.isEmpty || braces.contains { $0.isMet(by: span, of: trace) })
        case .any(let parts): return parts.contains { $0.isMet(by: span, of: trace) }
        case .not(let part): return !part.isMet(by: span, of: trace)
        case .some(let part): return part.isMet(by: span, of: trace)
        case .condition(let condition):
            return condition.field.isOfTrace ? trace.map(condition.isMet) ?? false : condition.isMet(by: span)
        }
    }

    private var isBrace: Bool {
        if case .some = self { return true }
        return false
    }
}

/// What is left of an expression to ask of one span, when all is known that belongs to the whole trace.
private indirect enum SpanTest {
    case known(Bool)
    case condition(SearchCondition)
    case all([SpanTest])
    case any([SpanTest])

    func holds(of span: SpanRecord) -> Bool {
        switch self {
        case .known(let answer): answer
        case .condition(let condition): condition.isMet(by: span)
        case .all(let tests): tests.allSatisfy { $0.holds(of: span) }
        case .any(let tests): tests.contains { $0.holds(of: span) }
        }
    }

    var known: Bool? {
        if case .known(let answer) = self { return answer }
        return nil
    }
}

/// A trace, of which each thing is found out at most once: looking at all spans for each of them would take long.
private struct TraceEvidence {
    let spans: [SpanRecord]
    private lazy var summary = TraceSummary(spans)

    init(spans: [SpanRecord]) {
        self.spans = spans
    }

    func hasSpan(meeting test: SpanTest) -> Bool {
        spans.contains { test.holds(of: $0) }
    }

    mutating func resolved(_ expression: SearchExpression) -> SpanTest {
        switch expression {
        case .condition(let condition):
            guard condition.field.isOfTrace else { return .condition(condition) }
            return .known(isMet(condition))
        case .not(let part): return .known(!hasSpan(meeting: resolved(part)))
        case .some(let part): return .known(hasSpan(meeting: resolved(part)))
        case .all(let parts): return all(parts)
        case .any(let parts): return any(parts)
        }
    }

    /// Counts are taken without the rest of the summary, which costs far more.
    private mutating func isMet(_ condition: SearchCondition) -> Bool {
        switch condition.field {
        case .traceSpans: !spans.isEmpty && condition.test.accepts(Double(spans.count))
        case .traceErrors: !spans.isEmpty && condition.test.accepts(Double(spans.count { $0.isError }))
        default: summary.map(condition.isMet) ?? false
        }
    }

    private mutating func all(_ parts: [SearchExpression]) -> SpanTest {
        var tests: [SpanTest] = []
        for part in parts {
            let test = resolved(part)
            if test.known == false { return .known(false) }
            if test.known == nil { tests.append(test) }
        }
        return tests.isEmpty ? .known(true) : .all(tests)
    }

    private mutating func any(_ parts: [SearchExpression]) -> SpanTest {
        var tests: [SpanTest] = []
        for part in parts {
            let test = resolved(part)
            if test.known == true { return .known(true) }
            if test.known == nil { tests.append(test) }
        }
        return tests.isEmpty ? .known(false) : .any(tests)
    }
}
