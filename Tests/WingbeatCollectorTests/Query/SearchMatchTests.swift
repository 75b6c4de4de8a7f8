// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatCollector
import WingbeatModel

@Suite("What a search finds")
struct SearchMatchTests {
    /// A request to web that calls cart, which asks a database and fails.
    static let trace: [SpanRecord] = {
        var root = span(1, nil, "web", "GET /Pay", .server, 0, 900)
        root.attributes = [Attribute("http.route", "/pay"), Attribute("http.status_code", .int(500))]
        root.resource = Resource(serviceName: "Web", attributes: [Attribute("host.name", "h1")])
        root.localEndpoint = nil
        var call = span(2, 1, "Cart", "checkout", .client, 100, 300)
        call.remoteEndpoint = NetworkEndpoint(serviceName: "Postgres")
        call.status = .error("late")
        call.events = [SpanRecord.Event(nanoseconds: 1, name: "Retry 2")]
        var work = span(3, 1, "cart", "health-check", nil, 500, 0)
        work.attributes = [Attribute("ratio", 0.5), Attribute("count", "17"), Attribute("ok", true)]
        work.status = .ok
        return [root, call, work]
    }()

    private static func span(
        _ id: UInt64,
        _ parent: UInt64?,
        _ service: String,
        _ name: String,
        _ kind: SpanRecord.Kind?,
        _ milliseconds: UInt64,
        _ duration: UInt64
    ) -> SpanRecord {
        var span = SpanRecord(traceID: TraceID(high: 9, low: 7) ?? .smallest, id: SpanID(id) ?? .smallest, name: name)
        span.parentID = parent.flatMap { SpanID($0) }
        span.kind = kind
        span.localEndpoint = NetworkEndpoint(serviceName: service)
        span.startNanoseconds = 1_700_000_000_000_000_000 + milliseconds * 1_000_000
        span.durationNanoseconds = duration * 1_000_000
        return span
    }

    /// A search, and the spans of the trace that it finds within it.
    static let found: [(String, [UInt64])] = [
        ("", [1, 2, 3]), ("error", [2]), ("error:false", [1, 3]), ("web", [1]), ("CART", [2, 3]), ("pay", [1]),
        ("/pay", [1]), ("get", [1]), ("ay", []), ("check", [2, 3]), ("health", [3]), ("heal", [3]),
        (#""get /p""#, [1]), (#""error""#, []), ("service:cart", [2, 3]), ("service:CA*", [2, 3]),
        ("service!=cart", [1]), ("service:ca", []), (#"service:"ca*""#, []), ("name:checkout", [2]), ("name:c*", [2]),
        ("remote:postgres", [2]), ("remote!=postgres", []), ("has:remote", [2]), ("kind:client", [2]),
        ("kind:unspecified", [3]), ("kind!=client", [1, 3]), ("status:ok", [3]), ("status:unset", [1]),
        ("status:error", [2]), ("id:2", [2]), ("trace:7", [1, 2, 3]), ("trace:8", []),
        ("00000000000000090000000000000007", [1, 2, 3]), ("00000000000000080000000000000007", []),
        ("event:\"Retry 2\"", [2]), ("event:Ret*", [2]), ("event:retry*", []), ("event:*", [2]),
        ("duration>300ms", [1]), ("duration>=300ms", [1, 2]), ("duration<1s", [1, 2]), ("duration=0.3s", [2]),
        ("has:duration", [1, 2]), ("http.route=/pay", [1]), ("http.route:/p*", [1]), ("http.route=/PAY", []),
        ("http.route!=/buy", [1]), ("has:http.route", [1]), ("host.name:h1", [1]), ("http.status_code=500", [1]),
        ("http.status_code>=500", [1]), ("http.status_code>500", []), ("http.status_code:5*", [1]),
        ("ratio<0.6", [3]), ("count>16", [3]), ("ok:true", [3]), ("ok>0", []), ("http.route>1", []),
        ("\"error\":late", [2]), ("error:late", [2]), ("trace.spans=3", [1, 2, 3]), ("trace.spans>3", []),
        ("trace.errors>0 kind:server", [1]), ("trace.duration=900ms", [1, 2, 3]), ("root.service:web -error", [1, 3]),
        ("root.name:get*", [1, 2, 3]), ("root.service:cart", []), ("service:cart -error", [3]),
        ("service:cart error", [2]), ("service:web error", []), ("web OR error", [1, 2]),
        ("-(web OR error)", [3]), ("{web} {error}", [1, 2]), ("{ service:cart } has:ratio", [3]),
        ("-{web}", [2, 3]), ("name:\"\"", []),
    ]

    @Test("a condition finds the spans that meet it", arguments: found)
    func within(text: String, ids: [UInt64]) throws {
        let expression = try SearchExpression(text)
        #expect(expression.spans(in: Self.trace).map(\.id.value) == ids)
    }

    /// A search, and whether it finds the trace.
    static let traces: [(String, Bool)] = [
        ("", true), ("service:cart error", true), ("service:web error", false), ("{service:web} error", true),
        ("{service:web} {error}", true), ("{service:web error}", false), ("-health", false), ("-login", true),
        ("web -login", true), ("web -cart", false), ("-{service:web error}", true), ("-(service:cart error)", false),
        ("--error", true), ("service:web OR service:shop", true), ("service:shop OR -login", true),
        ("(web OR shop) duration>500ms", true), ("(cart OR shop) duration>500ms", false),
        ("trace.errors=1 trace.spans=3 trace.duration<1s", true), ("-trace.errors=0", true),
        ("root.service:web {service:cart error}", true), ("root.service:cart", false), ("{-login} web", true),
        ("{-health} web", false), ("status:ok OR trace.errors=5", true),
    ]

    @Test("one span meets the terms; negations and braces ask all spans", arguments: traces)
    func whole(text: String, isFound: Bool) throws {
        #expect(try SearchExpression(text).matches(Self.trace) == isFound)
    }

    @Test("no trace, and spans of which little is known, are no trouble")
    func empty() throws {
        for (text, _) in Self.found + Self.traces.map({ ($0.0, []) }) {
            let expression = try SearchExpression(text)
            #expect(!expression.matches([]))
            #expect(expression.spans(in: []) == [])
            _ = expression.matches([SpanRecord(traceID: .smallest, id: .smallest)])
        }
    }

    @Test("of random traces and searches exactly those match that the definition names", arguments: 0..<10)
    func reference(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var spans = RandomSpans(seed: UInt64(seed))
        var counts = [false: 0, true: 0]
        for _ in 0..<300 {
            let trace = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                spread(Bool.random(using: &random) ? spans.zipkin() : spans.openTelemetry(), &random)
            }
            let expression = randomExpression(depth: 4, &random)
            let matches = expression.matches(trace)
            #expect(matches == Reference.matches(expression, trace), "\(expression)")
            counts[matches, default: 0] += 1
        }
        #expect(counts.values.allSatisfy { $0 > 30 }, "\(counts)")
    }

    /// The span with a name and a service of few, so that something is found.
    private func spread(_ span: SpanRecord, _ random: inout SeededGenerator) -> SpanRecord {
        var span = span
        span.name = ["a", "B", "a b"].randomElement(using: &random) ?? ""
        span.localEndpoint = NetworkEndpoint(serviceName: ["x", "y"].randomElement(using: &random) ?? "")
        return span
    }

    private func randomExpression(depth: Int, _ random: inout SeededGenerator) -> SearchExpression {
        let kind = Int.random(in: 0..<(depth > 0 ? 8 : 4), using: &random)
        if kind < 4 { return .condition(randomCondition(&random)) }
        let count = Int.random(in: 1...3, using: &random)
        var parts: [SearchExpression] = []
        for _ in 0..<count { parts.append(randomExpression(depth: depth - 1, &random)) }
        switch kind {
        case 4: return .all(parts)
        case 5: return .any(parts)
        case 6: return .not(parts[0])
        default: return .some(parts[0])
        }
    }

    private func randomCondition(_ random: inout SeededGenerator) -> SearchCondition {
        let conditions = [
            SearchCondition(.name, .equal("a")), SearchCondition(.name, .prefix("a")),
            SearchCondition(.word, .prefix("b")),
            SearchCondition(.service, .equal("x")), SearchCondition(.service, .notEqual("x")),
            SearchCondition(.failed, .equal("true")), SearchCondition(.attribute("a"), .exists),
            SearchCondition(.duration, .number(.greater, 1e15)), SearchCondition(.kind, .equal("client")),
            SearchCondition(.traceSpans, .number(.greater, 2)), SearchCondition(.traceErrors, .number(.equal, 0)),
            SearchCondition(.rootService, .equal("y")),
        ]
        return conditions.randomElement(using: &random) ?? conditions[0]
    }
}

/// The definition of docs/guides/search.md, word by word: a trace is found when there is a span for which the expression
/// holds.
private enum Reference {
    static func matches(_ expression: SearchExpression, _ trace: [SpanRecord]) -> Bool {
        trace.contains { holds(expression, $0, trace) }
    }

    private static func holds(_ expression: SearchExpression, _ span: SpanRecord, _ trace: [SpanRecord]) -> Bool {
        switch expression {
        case .all(let parts): parts.filter { !holds($0, span, trace) }.isEmpty
        case .any(let parts): !parts.filter { holds($0, span, trace) }.isEmpty
        case .not(let part): !matches(part, trace)
        case .some(let part): matches(part, trace)
        case .condition(let condition):
            condition.field.isOfTrace
                ? TraceSummary(trace).map(condition.isMet) == true : condition.isMet(by: span)
        }
    }
}
