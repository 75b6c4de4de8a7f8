// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel

@testable import WingbeatCollector

@Suite("Fragments of a span are put together")
struct SpanMergerTests {
    @Test("nothing stays nothing, one span stays as it is")
    func empty() {
        #expect(SpanMerger.merge([]).isEmpty)
        #expect(SpanMerger.merge([newTrace[1]]) == [newTrace[1]])
    }

    @Test("of two values the first that is known counts; tags, annotations and links are united")
    func fields() throws {
        var first = span(1, at: frontend, start: 5)
        first.events = [SpanRecord.Event(nanoseconds: 1000, name: "a")]
        first.attributes = [Attribute("one", "1")]
        var second = span(1, parent: 9, .client, to: backend, named: "get", start: 7, duration: 3)
        second.events = [
            SpanRecord.Event(nanoseconds: 1000, name: "a"), SpanRecord.Event(nanoseconds: 2000, name: "b"),
        ]
        second.attributes = [Attribute("two", "2")]
        second.status = .error("no")
        second.isDebug = true
        second.resource = Resource(serviceName: "frontend")
        for fragments in [[first, second], [second, first]] {
            let merged = try #require(SpanMerger.merge(fragments).first)
            #expect(SpanMerger.merge(fragments).count == 1)
            #expect(merged.parentID == SpanID(9))
            #expect(merged.kind == .client)
            #expect(merged.name == "get")
            #expect(merged.durationNanoseconds == 3000)
            #expect(merged.localEndpoint == frontend)
            #expect(merged.remoteEndpoint == backend)
            #expect(merged.status == .error("no"))
            #expect(merged.isDebug)
            #expect(merged.resource?.serviceName == "frontend")
            #expect(Set(merged.events.map(\.name)) == ["a", "b"] && merged.events.count == 2)
            #expect(Set(merged.attributes.map(\.key)) == ["one", "two"])
        }
    }

    @Test("fragments that know nothing of their endpoint, or a part of it, belong to the span that does")
    func partialEndpoints() {
        let name = NetworkEndpoint(serviceName: "FrontEnd")
        let address = NetworkEndpoint(ipv4: "127.0.0.1")
        let fragments = [span(1, at: name), span(1, at: address), span(1), span(1, at: frontend)]
        #expect(SpanMerger.merge(fragments).count == 1)
    }

    @Test("endpoints that contradict each other stay apart, and so do ids and the shared flag")
    func contradictions() {
        let elsewhere = NetworkEndpoint(serviceName: "frontend", ipv4: "127.0.0.2")
        #expect(SpanMerger.merge([span(1, at: frontend), span(1, at: elsewhere)]).count == 2)
        #expect(SpanMerger.merge([span(1, at: frontend), span(2, at: frontend)]).count == 2)
        #expect(SpanMerger.merge([span(1, at: frontend), span(1, at: frontend, isShared: true)]).count == 2)
        #expect(
            SpanMerger.merge([span(1, at: NetworkEndpoint(port: 1)), span(1, at: NetworkEndpoint(port: 2))]).count == 2
        )
    }

    @Test("a server's side takes over the parent of the client's, and is shared even if it does not say so")
    func serverSide() throws {
        let server = span(2, .server, at: backend)
        let client = span(2, parent: 1, .client, at: frontend)
        for spans in [[server, client], [client, server]] {
            let merged = SpanMerger.merge(spans)
            let side = try #require(merged.first { $0.kind == .server })
            #expect(merged.count == 2)
            #expect(side.isShared)
            #expect(side.parentID == SpanID(1))
        }
    }
}
