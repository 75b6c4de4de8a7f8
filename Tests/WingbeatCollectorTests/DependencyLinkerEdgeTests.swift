// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector
import WingbeatModel

@Suite("Which services called which: errors, messages, and spans that are not complete")
struct DependencyLinkerEdgeTests {
    @Test("an annotation of the name error is no error")
    func annotation() {
        var call = span(1, .client, at: frontend, to: backend)
        call.events = [SpanRecord.Event(nanoseconds: 1000, name: "error")]
        #expect(links([call]) == [link("frontend", "backend")])
    }

    @Test(
        "an error counts once, whichever side tells it",
        arguments: [(true, true), (true, false), (false, true)]
    )
    func errorOnce(client: Bool, server: Bool) {
        let shared = [
            span(1, .client, at: frontend, to: backend, isError: client),
            span(1, .server, at: backend, isShared: true, isError: server),
        ]
        #expect(links(shared) == [link("frontend", "backend", errors: 1)])
        let separate = [
            span(1, .client, at: frontend, to: backend, isError: client),
            span(2, parent: 1, .server, at: backend, isError: server),
        ]
        #expect(links(separate) == [link("frontend", "backend", errors: 1)])
    }

    @Test("an error of the caller's own work is not one of its calls")
    func callersError() {
        let trace = [
            span(1, .server, at: frontend, isError: true), span(2, parent: 1, .client, at: frontend, to: backend),
            span(2, parent: 1, .server, at: backend, isShared: true),
        ]
        #expect(links(trace) == [link("frontend", "backend")])
    }

    @Test("messages go from the producer to the broker and from the broker to the consumer")
    func messages() {
        let trace = [
            span(1, .producer, at: frontend, to: broker),
            span(1, .consumer, at: backend, to: broker, isShared: true),
        ]
        #expect(links(trace) == [link("frontend", "kafka"), link("kafka", "backend")])
        let separate = [
            span(1, .producer, at: frontend, to: broker), span(2, parent: 1, .consumer, at: backend, to: broker),
        ]
        #expect(links(separate) == [link("frontend", "kafka"), link("kafka", "backend")])
    }

    @Test("messages whose broker is not known make no link")
    func noBroker() {
        #expect(links([span(1, .producer, at: frontend), span(2, parent: 1, .consumer, at: backend)]).isEmpty)
        #expect(links([span(1, .consumer, at: backend)]).isEmpty)
        #expect(links([span(1, .client, at: frontend), span(2, parent: 1, .consumer, at: backend)]).isEmpty)
    }

    @Test("a consumer as the root, whose producer is not instrumented, is linked to its broker")
    func consumerRoot() {
        #expect(links([span(1, .consumer, at: backend, to: broker)]) == [link("kafka", "backend")])
    }

    @Test("a server below a producer was called by it")
    func serverBelowProducer() {
        let separate = [span(1, .producer, at: frontend), span(2, parent: 1, .server, at: backend)]
        #expect(links(separate) == [link("frontend", "backend")])
        let shared = [span(1, .producer, at: frontend), span(1, .server, at: backend, isShared: true)]
        #expect(links(shared) == [link("frontend", "backend")])
    }

    @Test("a server's side that does not name its parent finds it, early or late")
    func missingParent() {
        let early = [
            span(2, .server, at: backend, isShared: true), span(1, .server, at: frontend),
            span(2, parent: 1, .client, at: frontend),
        ]
        #expect(links(early) == [link("frontend", "backend")])
        #expect(links(early.reversed()) == [link("frontend", "backend")])
    }

    @Test("a server's side that does not say that it is shared is recognised by its id")
    func unmarkedShared() {
        let trace = [
            span(1, .server, at: frontend), span(2, parent: 1, .client, at: frontend),
            span(2, parent: 1, .server, at: backend), span(3, parent: 2, .client, at: backend, to: database),
        ]
        #expect(links(trace) == [link("backend", "db"), link("frontend", "backend")])
    }

    @Test("spans that only share a missing root do not call each other; those below one another do")
    func missingRoot() {
        let unrelated = [span(2, parent: 1, .server, at: backend), span(3, parent: 1, .server, at: frontend)]
        #expect(links(unrelated).isEmpty)
        let related = unrelated + [span(4, parent: 3, .client, at: frontend, to: database)]
        #expect(links(related) == [link("frontend", "db")])
    }

    @Test("fragments of a span are one call")
    func fragments() {
        let trace = [
            span(1, .client, at: frontend, to: backend, start: 1), span(1, at: frontend, duration: 9),
            span(1, at: frontend, isError: true),
        ]
        #expect(links(trace) == [link("frontend", "backend", errors: 1)])
    }

    @Test("a circle is cut in one place: its other calls are links")
    func circle() {
        let trace = [
            span(1, parent: 3, .server, at: frontend), span(2, parent: 1, .server, at: backend),
            span(3, parent: 2, .server, at: database),
        ]
        let found = links(trace)
        #expect(found.map(\.callCount) == [1, 1])
        #expect(
            Set(found).isSubset(of: [link("db", "frontend"), link("frontend", "backend"), link("backend", "db")])
        )
    }

    @Test("a trace as deep as it has spans costs no stack")
    func deepest() {
        let count: UInt64 = 50_000
        let trace = (1...count).map { span($0, parent: $0 - 1, .server, at: $0 % 2 == 0 ? frontend : backend) }
        #expect(links(trace.reversed()).map(\.callCount).reduce(0, +) == Int(count) - 1)
    }
}
