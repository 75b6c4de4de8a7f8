// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatModel

@testable import WingbeatCollector

@Suite("Traces that are linked as they arrive")
struct TraceLinkerTests {
    private let services = [
        frontend, backend, database, broker, nil, NetworkEndpoint(serviceName: "FrontEnd"),
        NetworkEndpoint(ipv4: "127.0.0.1"), NetworkEndpoint(serviceName: ""),
    ]

    /// The links that the fast linker finds in a trace.
    private func fastLinks(_ spans: [SpanRecord], _ linker: inout TraceLinker) -> [DependencyLink] {
        var table = EndpointTable()
        table.beginPost()
        linker.link(spans.map { SpanDigest($0, &table) }, table)
        let rollups = linker.calls.map { call in
            var calls = CallStatistics()
            calls.record(nanoseconds: call.duration, isError: call.isError)
            return Rollup(
                .link,
                minute: 0,
                service: table.names[call.parent],
                name: table.names[call.child],
                calls: calls
            )
        }
        return rollups.summed().map { link($0.service, $0.name, $0.calls.count, errors: $0.calls.errors) }
    }

    private func randomSpan(_ random: inout SeededGenerator) -> SpanRecord {
        var made = span(
            UInt64.random(in: 1...8, using: &random),
            parent: Bool.random(using: &random) ? UInt64.random(in: 1...10, using: &random) : nil,
            [nil, .client, .server, .producer, .consumer, .internal].randomElement(using: &random) ?? nil,
            at: services.randomElement(using: &random) ?? nil,
            to: Bool.random(using: &random) ? services.randomElement(using: &random) ?? nil : nil,
            isShared: Bool.random(using: &random),
            isError: Int.random(in: 0..<4, using: &random) == 0
        )
        made.status = [.unset, .unset, .ok, .error("")].randomElement(using: &random) ?? .unset
        if Int.random(in: 0..<4, using: &random) == 0 { made.resource = Resource(serviceName: "Batch") }
        // Attributes that name the other side are looked for where they count: not on the side that was called.
        let calls = made.kind == nil || made.kind == .client || made.kind == .producer
        if calls, Int.random(in: 0..<3, using: &random) == 0 { made.attributes += randomPeer(&random) }
        return made
    }

    private func randomPeer(_ random: inout SeededGenerator) -> [Attribute] {
        let keys = ["peer.service", "server.address", "net.peer.name", "db.name", "error", "peer.hostname"]
        let values: [AttributeValue] = ["Mail", "10.0.0.1", "::1", "cafe", false, "2001:db8::c001"]
        return [
            Attribute(keys.randomElement(using: &random) ?? "", values.randomElement(using: &random) ?? .empty),
            Attribute("http.route", "/"),
        ]
    }

    @Test("20,000 traces of every kind of disorder have the links that the linker of whole spans finds")
    func sameAsWholeSpans() {
        var random = SeededGenerator(seed: 37)
        var linker = TraceLinker()
        for number in 0..<20_000 {
            let spans = (0..<Int.random(in: 1...14, using: &random)).map { _ in randomSpan(&random) }
            let expected = links(spans)
            let found = fastLinks(spans, &linker)
            guard found != expected else { continue }
            Issue.record("trace \(number): \(found) instead of \(expected) of \(spans)")
            return
        }
    }

    @Test("a trace as deep as it has spans costs neither stack nor time")
    func deepest() {
        let count: UInt64 = 50_000
        let trace = (1...count).map { span($0, parent: $0 - 1, .server, at: $0 % 2 == 0 ? frontend : backend) }
        var linker = TraceLinker()
        #expect(fastLinks(trace.reversed(), &linker).map(\.callCount).reduce(0, +) == Int(count) - 1)
        let local = (1...count).map { span($0, parent: $0 - 1, at: frontend) }
        let calling = local + [span(count + 1, parent: count, .client, at: frontend, to: backend)]
        #expect(fastLinks(calling.reversed(), &linker) == [link("frontend", "backend")])
    }

    @Test("100,000 fragments of one span that do not agree are no work for minutes")
    func sameID() {
        let fragments = (0..<100_000).map { number in
            span(1, .server, at: NetworkEndpoint(serviceName: "app", port: UInt16(number % 65_000)))
        }
        var linker = TraceLinker()
        #expect(fastLinks(fragments, &linker).allSatisfy { $0.callCount < 100 })
    }
}
