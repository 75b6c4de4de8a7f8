// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// One thing that a search asks of a span or of its trace.
public struct SearchCondition: Hashable, Sendable {
    /// What is looked at.
    public var field: SearchField
    /// What it must be.
    public var test: SearchTest

    /// A condition.
    public init(_ field: SearchField, _ test: SearchTest) {
        self.field = field
        self.test = test
    }
}

/// What a condition looks at.
///
/// Names are compared in lower case, all other texts byte by byte.
public enum SearchField: Hashable, Sendable {
    /// Whether the span failed: `true` or `false`.
    case failed
    /// The span's name and that of its service, from the start of any word in them.
    case word
    /// The name of the service that recorded the span.
    case service
    /// The name of the span.
    case name
    /// The name of the service on the other side of the call.
    case remote
    /// `client`, `server`, `producer`, `consumer`, `internal` or `unspecified`.
    case kind
    /// `ok`, `error` or `unset`.
    case status
    /// The id of the trace, in hexadecimal digits.
    case traceID
    /// The id of the span, in hexadecimal digits.
    case spanID
    /// The name of one of the span's events.
    case event
    /// The duration of the span in nanoseconds.
    case duration
    /// The time from the trace's first start to its last end in nanoseconds.
    case traceDuration
    /// How many spans the trace has, fragments counted.
    case traceSpans
    /// How many of them failed.
    case traceErrors
    /// The service of the trace's root, or of its earliest span where the root is missing.
    case rootService
    /// The name of that span.
    case rootName
    /// A tag as Zipkin has it: an attribute of the span, or else of its resource.
    case attribute(String)

    /// True when it belongs to the trace, and not to one of its spans.
    public var isOfTrace: Bool {
        switch self {
        case .traceDuration, .traceSpans, .traceErrors, .rootService, .rootName: true
        default: false
        }
    }

    /// True when case does not matter.
    var isFolded: Bool {
        switch self {
        case .word, .service, .name, .remote, .rootService, .rootName, .kind, .status, .traceID, .spanID: true
        default: false
        }
    }
}

/// What the value of a field must be.
public enum SearchTest: Hashable, Sendable {
    /// There is one.
    case exists
    /// This text.
    case equal(String)
    /// A text that begins so.
    case prefix(String)
    /// Another text; none at all is not enough.
    case notEqual(String)
    /// A text that begins otherwise; none at all is not enough.
    case notPrefix(String)
    /// A number that compares so with this one.
    case number(SearchComparison, Double)
}

/// How a value compares with another one.
public enum SearchComparison: String, Hashable, Sendable, CaseIterable {
    /// The same.
    case equal = "="
    /// Another.
    case notEqual = "!="
    /// Smaller.
    case less = "<"
    /// Not larger.
    case lessOrEqual = "<="
    /// Larger.
    case greater = ">"
    /// Not smaller.
    case greaterOrEqual = ">="

    /// True when the first value compares so with the second.
    func holds(_ value: Double, _ operand: Double) -> Bool {
        switch self {
        case .equal: value == operand
        case .notEqual: value != operand
        case .less: value < operand
        case .lessOrEqual: value <= operand
        case .greater: value > operand
        case .greaterOrEqual: value >= operand
        }
    }
}
