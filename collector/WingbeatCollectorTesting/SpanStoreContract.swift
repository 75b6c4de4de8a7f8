// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatCollector

/// What every store of spans must do.
///
/// Give it a way to make an empty store:
///
/// ```swift
/// try await SpanStoreContract { InMemorySpanStore(options: $0) }.verify()
/// ```
///
/// The rules compare whole answers, so that a store that returns too much breaks them, too. Source of most: the
/// behaviour that Zipkin's own storage tests check.
public struct SpanStoreContract: Sendable {
    /// The rules that ``verify()`` checks: remove those that a store does not promise to keep.
    public var rules = Set(SpanStoreRule.allCases)
    private let makeStore: @Sendable (SpanStoreOptions) async throws -> any SpanStore

    /// A contract for the stores that a closure makes.
    ///
    /// - Parameter makeStore: a new, empty store with the options; called at least once for each rule.
    public init(_ makeStore: @escaping @Sendable (SpanStoreOptions) async throws -> any SpanStore) {
        self.makeStore = makeStore
    }

    /// Checks every rule of ``rules``, in the order of their declaration.
    ///
    /// - Throws: ``SpanStoreViolation`` for the first rule that is broken; else what the store threw.
    public func verify() async throws {
        for rule in SpanStoreRule.allCases where rules.contains(rule) { try await verify(rule) }
    }

    /// Checks one rule.
    ///
    /// - Throws: ``SpanStoreViolation`` when it is broken; else what the store threw.
    public func verify(_ rule: SpanStoreRule) async throws {
        try await rule.check(ContractStores(rule: rule, make: makeStore))
    }
}

/// A rule that a store has broken.
public struct SpanStoreViolation: Error, Hashable, Sendable, CustomStringConvertible {
    /// The rule.
    public let rule: SpanStoreRule
    /// What was asked of the store.
    public let question: String
    /// What it should have answered.
    public let expected: String
    /// What it answered.
    public let found: String

    /// All of it, for a person.
    public var description: String { "\(rule.rawValue): \(question): expected \(expected), found \(found)" }
}
