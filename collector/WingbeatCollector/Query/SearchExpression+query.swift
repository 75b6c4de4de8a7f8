// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

// What a store's indexes can answer of an expression.
extension SearchExpression {
    /// A search that finds every trace that the expression finds, and perhaps others.
    ///
    /// - Parameters:
    ///   - window: when the trace began, in microseconds since 1970.
    ///   - limit: how many traces at most.
    public func query(in window: ClosedRange<Int64>, limit: Int) -> TraceQuery {
        let choices = [required] + braces.map(\.required)
        let demands = choices.map { SpanDemands($0) }
        let best =
            demands.max { $0.count < $1.count }.flatMap { $0.count > 0 ? $0 : nil } ?? SpanDemands(root: required)
        return TraceQuery(
            serviceName: best.service,
            remoteServiceName: best.remote,
            spanName: best.name,
            annotations: best.annotations,
            durations: best.durations,
            window: window,
            limit: limit
        )
    }

    /// The trace that is looked for, where there can be only one.
    public var traceID: TraceID? {
        for condition in required where condition.field == .traceID {
            if case .equal(let hex) = condition.test { return TraceID(hex: hex) }
        }
        return nil
    }

    /// The conditions that one span must meet, all of them.
    private var required: [SearchCondition] {
        switch self {
        case .condition(let condition): [condition]
        case .all(let parts): parts.flatMap(\.required)
        case .any(let parts): parts.count == 1 ? parts[0].required : []
        case .not, .some: []
        }
    }

    /// What some span must meet, beside.
    private var braces: [SearchExpression] {
        switch self {
        case .some(let part): [part] + part.braces
        case .all(let parts): parts.flatMap(\.braces)
        case .any(let parts): parts.count == 1 ? parts[0].braces : []
        case .not, .condition: []
        }
    }
}

/// What one span must bear in the terms of a ``TraceQuery``.
private struct SpanDemands {
    private(set) var service: String?
    private(set) var remote: String?
    private(set) var name: String?
    private(set) var annotations: [String: String] = [:]
    private var shortest: Double = 0
    private var longest = Double.infinity

    init(_ conditions: [SearchCondition]) {
        for condition in conditions { add(condition) }
    }

    /// The root is one of the spans.
    init(root conditions: [SearchCondition]) {
        for condition in conditions {
            guard case .equal(let text) = condition.test, !text.isEmpty else { continue }
            if condition.field == .rootService { service = text }
            if condition.field == .rootName { name = text }
        }
    }

    /// How much the indexes have to choose by.
    var count: Int {
        [service, remote, name].compactMap { $0 }.count + annotations.count + (durations == nil ? 0 : 1)
    }

    /// Microseconds, as far as rounding may lead; a duration that is not known meets no condition.
    var durations: ClosedRange<UInt64>? {
        guard shortest > 0 || longest < .infinity else { return nil }
        let least = max(UInt64(min(shortest, 1e18)) / 1000, 1)
        return least...max(UInt64(min(longest, 1e18)) / 1000 + 1, least)
    }

    private mutating func add(_ condition: SearchCondition) {
        switch (condition.field, condition.test) {
        case (.service, .equal(let text)) where !text.isEmpty: service = text
        case (.name, .equal(let text)) where !text.isEmpty: name = text
        case (.remote, .equal(let text)) where !text.isEmpty: remote = text
        case (.failed, .equal("true")), (.status, .equal("error")): need("error")
        case (.attribute(let key), .equal(let value)) where !key.isEmpty: annotations[key] = value
        case (.attribute(let key), _) where !key.isEmpty: need(key)
        case (.duration, .number(let comparison, let operand)): add(comparison, operand)
        case (.duration, .exists): shortest = max(shortest, 1)
        default: break
        }
    }

    /// A tag of the key, whatever its value.
    private mutating func need(_ key: String) {
        annotations[key] = annotations[key] ?? ""
    }

    private mutating func add(_ comparison: SearchComparison, _ operand: Double) {
        switch comparison {
        case .equal: (shortest, longest) = (max(shortest, operand), min(longest, operand))
        case .greater, .greaterOrEqual: shortest = max(shortest, operand)
        case .less, .lessOrEqual: longest = min(longest, operand)
        case .notEqual: break
        }
    }
}
