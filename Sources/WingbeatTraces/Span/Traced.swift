// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Tracing

/// Runs the body in a span that has the name of the function around it: `withSpan` for those who need no other name.
///
/// ```swift
/// func loadCart() async throws -> Cart {
///     try await traced { try await store.cart() }
/// }
/// ```
///
/// The span is of the current tracer, below the current span. An error that the body throws is recorded and thrown on.
///
/// - Parameters:
///   - name: what is done; by default the function's name with the labels of its parameters, such as `pay(order:)`.
///   - kind: the side of a remote call.
///   - body: what to run.
public func traced<Result>(
    _ name: String = #function,
    kind: SpanKind = .internal,
    _ body: () throws -> Result
) rethrows -> Result {
    try withSpan(name, ofKind: kind) { _ in try body() }
}

/// The same, and gives the body its span.
public func traced<Result>(
    _ name: String = #function,
    kind: SpanKind = .internal,
    _ body: (any Tracing.Span) throws -> Result
) rethrows -> Result {
    try withSpan(name, ofKind: kind) { try body($0) }
}

/// The same for a body that suspends.
public func traced<Result>(
    _ name: String = #function,
    kind: SpanKind = .internal,
    isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> Result
) async rethrows -> Result {
    try await withSpan(name, ofKind: kind) { _ in try await body() }
}

/// The same for a body that suspends, and gives it its span.
public func traced<Result>(
    _ name: String = #function,
    kind: SpanKind = .internal,
    isolation: isolated (any Actor)? = #isolation,
    _ body: (any Tracing.Span) async throws -> Result
) async rethrows -> Result {
    try await withSpan(name, ofKind: kind) { try await body($0) }
}
