// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Wingbeat

/// Reads and writes headers in the formats of the arguments, which have `OTEL_PROPAGATORS`' names.
enum HeaderProbe {
    /// Prints what each line of headers, `[["b3", "0"]]`, says.
    @Sendable
    static func extract(_ formats: [String]) throws {
        let tracer = try tracer(formats)
        try forEachLine { (headers: [[String]]) in
            var context = ServiceContext.topLevel
            tracer.extract(headers, into: &context, using: PairListExtractor<[[String]]> { ($0[0], $0[1]) })
            return TravellingContext(context, decision: tracer.startSpan("probe", context: context).context)
        }
    }

    /// Prints the headers of each line that says a context.
    @Sendable
    static func inject(_ formats: [String]) throws {
        let tracer = try tracer(formats)
        let injector = PairListInjector<[[String]]>(name: { $0[0] }, make: { [$0, $1] })
        try forEachLine { (given: TravellingContext) in
            var headers: [[String]] = []
            tracer.inject(try given.context(), into: &headers, using: injector)
            return headers
        }
    }

    private static func tracer(_ formats: [String]) throws -> WingbeatTracer {
        let variables = ["OTEL_PROPAGATORS": formats.joined(separator: ","), "OTEL_TRACES_SAMPLER": "always_off"]
        let configuration = TelemetryConfiguration(serviceName: "probe", environment: variables)
        guard configuration.ignoredVariables.isEmpty else { throw Misuse("\(configuration.ignoredVariables)") }
        return WingbeatTracer(
            WingbeatTracer.Configuration(
                resource: configuration.resource,
                sampler: ParentBasedSampler(root: NeverSampler()),
                propagators: configuration.propagators
            )
        )
    }

    private static func forEachLine<Input: Decodable>(_ body: (Input) throws -> some Encodable) throws {
        let encoder = JSONEncoder()
        while let line = readLine() {
            let output = try body(JSONDecoder().decode(Input.self, from: Data(line.utf8)))
            print(String(decoding: try encoder.encode(output), as: UTF8.self))
        }
    }
}

/// A context as the tests write it.
struct TravellingContext: Codable {
    var trace: String?
    var span: String?
    var parent: String?
    /// `deferred`, `notSampled`, `sampled` or `debug`.
    var sampling: String?
    var state: String?
    var random: Bool?
    var baggage: [[String]]?
    /// What a root that does not record makes of it: also a decision without ids counts here.
    var decision: String?

    init(_ context: ServiceContext, decision: ServiceContext) {
        if let trace = context.traceContext {
            self.trace = trace.traceID.hex
            span = trace.spanID.hex
            parent = trace.parentID?.hex
            sampling = "\(trace.sampling)"
            state = trace.traceState.isEmpty ? nil : trace.traceState
            random = trace.hasRandomTraceID
        }
        if !context.baggage.isEmpty { baggage = context.baggage.members.map(Self.words) }
        self.decision = decision.traceContext.map { "\($0.sampling)" }
    }

    private static func words(_ member: Baggage.Member) -> [String] {
        let properties = member.properties.map { [$0.key, $0.value].compactMap(\.self).joined(separator: "=") }
        return [member.key, member.value] + properties
    }

    func context() throws -> ServiceContext {
        var context = ServiceContext.topLevel
        for words in baggage ?? [] { context.baggage.update(Baggage.Member(words[0], words[1])) }
        guard let trace, let span else { return context }
        guard let traceID = TraceID(hex: trace), let spanID = SpanID(hex: span) else { throw Misuse("ids") }
        let decisions: [SamplingDecision] = [.deferred, .notSampled, .sampled, .debug]
        guard let decision = decisions.first(where: { "\($0)" == sampling }) else { throw Misuse("a decision") }
        context.traceContext = TraceContext(
            traceID: traceID,
            spanID: spanID,
            parentID: parent.flatMap { SpanID(hex: $0) },
            sampling: decision,
            traceState: state ?? ""
        )
        return context
    }
}
