// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Tracing
public import WingbeatModel

/// What every tracer behind swift-distributed-tracing must do, whatever its backend.
///
/// Give it a way to read the spans that have ended:
///
/// ```swift
/// let reporter = InMemorySpanReporter()
/// let tracer = WingbeatTracer(.init(resource: Resource(serviceName: "test"), reporter: reporter))
/// try await TracerContract(tracer) { reporter.spans }.verify()
/// ```
public struct TracerContract<Subject: Tracer>: Sendable {
    /// The rules that ``verify()`` checks: remove those that a backend does not promise to keep.
    public var rules = Set(TracerRule.allCases)
    let tracer: Subject
    let unsampled: Subject?
    private let finished: @Sendable () async throws -> [SpanRecord]

    /// A contract for a tracer.
    ///
    /// - Parameters:
    ///   - tracer: a tracer that samples every span.
    ///   - unsampled: one that samples none, not even below a sampled parent, and that reports to the same place; without
    ///     one ``TracerRule/unsampled`` is not checked.
    ///   - finished: all spans that have ended so far, in the order in which they ended.
    public init(
        _ tracer: Subject,
        unsampled: Subject? = nil,
        finished: @escaping @Sendable () async throws -> [SpanRecord]
    ) {
        self.tracer = tracer
        self.unsampled = unsampled
        self.finished = finished
    }

    /// Checks every rule of ``rules``, in the order of their declaration.
    ///
    /// - Throws: ``ContractViolation`` with the first rule that is broken, what was expected and what was found.
    public func verify() async throws {
        for rule in TracerRule.allCases where rules.contains(rule) {
            do {
                try await ServiceContext.withValue(.topLevel) { try await verify(rule) }
            } catch let violation as ContractViolation {
                throw ContractViolation(description: "\(rule.rawValue): \(violation.description)")
            }
        }
    }

    private func verify(_ rule: TracerRule) async throws {
        switch rule {
        case .nesting: try await verifyNesting()
        case .context: try await verifyContext()
        case .unsampled: try await verifyUnsampled()
        case .errors: try await verifyErrors()
        case .end: try await verifyEnd()
        case .attributes: try await verifyAttributes()
        case .events: try await verifyEvents()
        case .status: try await verifyStatus()
        case .time: try await verifyTime()
        case .active: try await verifyActive()
        case .propagation: try await verifyPropagation()
        case .nonsense: try await verifyNonsense()
        case .misuse: try await verifyMisuse()
        case .bounds: try await verifyBounds()
        case .concurrency: try await verifyConcurrency()
        }
    }
}

// What the rules are written with.
extension TracerContract {
    /// The spans that end meanwhile.
    func spans(of body: () async throws -> Void) async throws -> [SpanRecord] {
        let before = try await finished().count
        try await body()
        return Array(try await finished().dropFirst(before))
    }

    /// The only span that ends meanwhile, which the body is given.
    func span(_ body: (Subject.Span) async throws -> Void) async throws -> SpanRecord {
        let spans = try await spans {
            let span = tracer.startSpan("work", context: .topLevel)
            try await body(span)
            span.end()
        }
        try expect(spans.count, is: 1, "the number of spans that are reported for one that ended")
        return spans[0]
    }

    /// The only span of that name.
    func span(named name: String, in spans: [SpanRecord]) throws -> SpanRecord {
        let found = spans.filter { $0.name == name }
        try expect(found.count, is: 1, "the number of spans named \(name)")
        return found[0]
    }

    func expect<Value: Equatable>(_ found: Value, is expected: Value, _ what: String) throws {
        try expect(found == expected, "\(what) to be \(text(expected))", found)
    }

    func expect<Value>(_ condition: Bool, _ expectation: String, _ found: Value) throws {
        guard !condition else { return }
        throw ContractViolation(description: "expected \(expectation), found \(text(found))")
    }

    /// Not more than anybody wants to read.
    private func text<Value>(_ value: Value) -> String {
        let text = "\(value)"
        return text.utf8.count > 2000 ? "\(text.prefix(1000))…" : text
    }
}

/// Something of the application that travels in the context beside the trace.
enum ContractKey: ServiceContextKey {
    typealias Value = String
    static var nameOverride: String? { "contract" }
}

extension ServiceContext {
    /// A context with something of the application's.
    static var ofContract: ServiceContext {
        var context = ServiceContext.topLevel
        context[ContractKey.self] = "kept"
        return context
    }
}

/// An instant of the contract's choice, in nanoseconds since 1970.
struct ContractInstant: TracerInstant {
    let nanosecondsSinceEpoch: UInt64

    init(_ nanoseconds: UInt64) {
        nanosecondsSinceEpoch = nanoseconds
    }

    static func < (left: ContractInstant, right: ContractInstant) -> Bool {
        left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch
    }
}

struct ContractError: Error, Equatable, CustomStringConvertible {
    var description: String { "the cup is empty" }
}
