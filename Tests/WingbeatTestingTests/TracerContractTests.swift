// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import InMemoryTracing
import Testing
import Tracing
import WingbeatModel
import WingbeatTesting
import WingbeatTraces

@Suite("What every tracer must do")
struct TracerContractTests {
    private let reporter = InMemorySpanReporter()

    private func tracer(_ sampler: any Sampler, limits: SpanLimits = SpanLimits()) -> WingbeatTracer {
        var configuration = WingbeatTracer.Configuration(
            resource: Resource(serviceName: "contract"),
            sampler: sampler,
            reporter: reporter
        )
        configuration.limits = limits
        return WingbeatTracer(configuration)
    }

    @Test("Wingbeat's tracer keeps the contract")
    func wingbeat() async throws {
        let reporter = reporter
        let contract = TracerContract(tracer(AlwaysSampler()), unsampled: tracer(NeverSampler())) { reporter.spans }
        try await contract.verify()
    }

    @Test("in a service that traces already, too")
    func insideOfASpan() async throws {
        let reporter = reporter
        let subject = tracer(AlwaysSampler())
        let contract = TracerContract(subject, unsampled: tracer(NeverSampler())) { reporter.spans }
        try await subject.withSpan("test") { _ in try await contract.verify() }
    }

    @Test("swift-distributed-tracing's tracer in memory keeps it, but for what it does not promise")
    func inMemory() async throws {
        let tracer = InMemoryTracer(idGenerator: .ofContract)
        var contract = TracerContract(tracer) { tracer.finishedSpans.compactMap { SpanRecord($0) } }
        contract.rules.subtract([.bounds, .nonsense, .concurrency])
        try await contract.verify()
        contract.rules = [.nonsense]
        await #expect(throws: ContractViolation.self) { try await contract.verify() }
    }

    @Test("a tracer that breaks a rule is found out", arguments: TracerFault.allCases)
    func violation(_ fault: TracerFault) async throws {
        let limits = fault == .growsForever ? SpanLimits.none : SpanLimits()
        let backend = FaultyBackend(fault, reporter)
        let subject = FaultyTracer(tracer(AlwaysSampler(), limits: limits), backend)
        let unsampled = FaultyTracer(tracer(NeverSampler()), backend)
        let contract = TracerContract(subject, unsampled: unsampled) { backend.finished }
        let violation = await #expect(throws: ContractViolation.self) { try await contract.verify() }
        #expect(violation?.description.hasPrefix("\(fault.brokenRule.rawValue): expected ") == true)
        #expect(violation?.description.contains(", found ") == true)
    }

    @Test("a rule that is removed is not checked")
    func removedRule() async throws {
        let backend = FaultyBackend(.losesEvents, reporter)
        var contract = TracerContract(FaultyTracer(tracer(AlwaysSampler()), backend)) { backend.finished }
        contract.rules = [.nesting, .status]
        try await contract.verify()
        contract.rules.insert(.events)
        await #expect(throws: ContractViolation.self) { try await contract.verify() }
    }

    @Test("every rule that does not end the process has a tracer that breaks it")
    func allRules() {
        #expect(Set(TracerFault.allCases.map(\.brokenRule)) == Set(TracerRule.allCases).subtracting([.misuse]))
    }
}

extension SpanLimits {
    /// None that the contract would meet.
    fileprivate static var none: SpanLimits {
        var limits = SpanLimits()
        (limits.attributes, limits.events, limits.links) = (1_000_000, 1_000_000, 1_000_000)
        return limits
    }
}

extension InMemoryTracer.IDGenerator {
    /// Ids that a ``SpanRecord`` can hold.
    fileprivate static var ofContract: Self {
        Self(
            nextTraceID: { TraceID(random: .random(in: 0 ... .max), .random(in: 0 ... .max)).hex },
            nextSpanID: { SpanID(random: .random(in: 0 ... .max)).hex }
        )
    }
}

extension SpanRecord {
    /// What swift-distributed-tracing's tracer in memory recorded; nil when its ids are not hexadecimal.
    fileprivate init?(_ span: FinishedInMemorySpan) {
        guard let traceID = TraceID(hex: span.traceID), let id = SpanID(hex: span.spanID) else { return nil }
        self.init(traceID: traceID, id: id, parentID: span.parentSpanID.flatMap { SpanID(hex: $0) })
        name = span.operationName
        kind = [.client: .client, .server: .server, .producer: .producer, .consumer: .consumer][span.kind]
        startNanoseconds = span.startInstant.nanosecondsSinceEpoch
        let end = span.endInstant.nanosecondsSinceEpoch
        durationNanoseconds = end > startNanoseconds ? end - startNanoseconds : 1
        switch span.status?.code {
        case .error: status = .error(span.status?.message ?? "")
        case .ok: status = .ok
        case nil: break
        }
        attributes = Self.attributes(span.attributes)
        events = span.events.map {
            Event(nanoseconds: $0.nanosecondsSinceEpoch, name: $0.name, attributes: Self.attributes($0.attributes))
        }
        for error in span.errors {
            let details = [Attribute("exception.message", .string("\(error.error)"))]
            let instant = error.instant.nanosecondsSinceEpoch
            events.append(Event(nanoseconds: instant, name: "exception", attributes: details))
        }
        links = span.links.compactMap { link in
            guard let context = link.context.inMemorySpanContext,
                let traceID = TraceID(hex: context.traceID), let spanID = SpanID(hex: context.spanID)
            else { return nil }
            return Link(traceID: traceID, spanID: spanID, attributes: Self.attributes(link.attributes))
        }
    }

    private static func attributes(_ attributes: SpanAttributes) -> [Attribute] {
        var list: [Attribute] = []
        attributes.forEach { key, value in list.append(Attribute(key, Self.value(value))) }
        return list
    }

    private static func value(_ attribute: SpanAttribute) -> AttributeValue {
        switch attribute {
        case .string(let value): .string(value)
        case .bool(let value): .bool(value)
        case .int32(let value): .int(Int64(value))
        case .int64(let value): .int(value)
        case .double(let value): .double(value)
        case .stringConvertible(let value): .string(value.description)
        case .stringArray(let values): .array(values.map { .string($0) })
        case .boolArray(let values): .array(values.map { .bool($0) })
        case .int32Array(let values): .array(values.map { .int(Int64($0)) })
        case .int64Array(let values): .array(values.map { .int($0) })
        case .doubleArray(let values): .array(values.map { .double($0) })
        default: .string("\(attribute)")
        }
    }
}
