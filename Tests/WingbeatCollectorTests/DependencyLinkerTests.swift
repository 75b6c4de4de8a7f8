// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector
import WingbeatModel

@Suite("Which services called which: client and server")
struct DependencyLinkerTests {
    @Test("no traces, and a trace without spans, make no links")
    func empty() {
        #expect(links().isEmpty)
        #expect(links([]).isEmpty)
        #expect(links([span(1)]).isEmpty)
    }

    @Test("a request through three services is two links, the failed one with its error")
    func threeServices() {
        #expect(links(newTrace) == [link("backend", "db", errors: 1), link("frontend", "backend")])
    }

    @Test("the order in which spans arrive makes no difference")
    func order() {
        let expected = links(newTrace)
        #expect(links(newTrace.reversed()) == expected)
        for shift in 1..<4 { #expect(links(Array(newTrace[shift...] + newTrace[..<shift])) == expected) }
    }

    @Test("calls of several traces are summed")
    func sums() {
        #expect(links(newTrace, newTrace) == [link("backend", "db", 2, errors: 2), link("frontend", "backend", 2)])
    }

    @Test("names are in lower case, and links sorted by them")
    func names() {
        let trace = [span(1, .client, at: NetworkEndpoint(serviceName: "Web"), to: NetworkEndpoint(serviceName: "DB"))]
        let other = [span(1, .client, at: frontend, to: database)]
        #expect(links(trace, other) == [link("frontend", "db"), link("web", "db")])
    }

    @Test("services that are instrumented on both sides make one link a call")
    func instrumented() {
        let trace = [
            span(1, .server, at: frontend, to: NetworkEndpoint(ipv4: "1.2.3.4")),
            span(2, parent: 1, .client, at: frontend),
            span(2, parent: 1, .server, at: backend, isShared: true),
            span(3, parent: 2, .client, at: backend),
            span(3, parent: 2, .server, at: database, isShared: true),
        ]
        #expect(links(trace) == [link("backend", "db"), link("frontend", "backend")])
    }

    @Test("a service that calls itself is linked to itself")
    func loopback() {
        let trace = [
            span(1, .server, at: frontend),
            span(2, parent: 1, .client, at: frontend, to: frontend),
            span(2, parent: 1, .server, at: frontend, isShared: true),
        ]
        #expect(links(trace) == [link("frontend", "frontend")])
    }

    @Test("a trace whose root never arrived has the same links")
    func headless() {
        #expect(links(Array(newTrace.dropFirst())) == links(newTrace))
    }

    @Test("callers and called services without instrumentation appear, named by the other side")
    func uninstrumented() {
        let mobile = NetworkEndpoint(serviceName: "mobile")
        let trace = [
            span(1, .server, at: frontend, to: mobile),
            span(2, parent: 1, .client, at: frontend, to: database),
        ]
        #expect(links(trace) == [link("frontend", "db"), link("mobile", "frontend")])
    }

    @Test("a root that does not know its caller makes no link")
    func unknownCaller() {
        #expect(links([span(1, .server, at: frontend)]).isEmpty)
        #expect(links([span(1, .server, at: frontend, to: NetworkEndpoint(ipv4: "1.2.3.4"))]).isEmpty)
    }

    @Test("a client and a server span as the roots of one call are one link")
    func rootPair() {
        let trace = [
            span(1, .client, at: frontend, to: backend),
            span(1, .server, at: backend, to: frontend, isShared: true),
        ]
        #expect(links(trace) == [link("frontend", "backend")])
        let separate = [span(1, .client, at: frontend), span(2, parent: 1, .server, at: backend)]
        #expect(links(separate) == [link("frontend", "backend")])
    }

    @Test("where a span is missing between two services they are linked all the same")
    func missingSpan() {
        let trace = [span(1, .server, at: frontend), span(3, parent: 1, .client, at: backend, to: database)]
        #expect(links(trace) == [link("backend", "db"), link("frontend", "backend")])
    }

    @Test("a span without a kind is a call when it names both sides")
    func noKind() {
        #expect(links([span(1, at: frontend, to: database)]) == [link("frontend", "db")])
        #expect(links([span(1, at: frontend)]).isEmpty)
        #expect(links([span(1, to: database)]).isEmpty)
    }

    @Test("sides without a name make no link")
    func unnamed() {
        let nameless = NetworkEndpoint(ipv4: "1.2.3.4")
        #expect(links([span(1, .client, at: frontend, to: nameless)]).isEmpty)
        #expect(links([span(1, .client, at: nameless, to: frontend)]).isEmpty)
        #expect(links([span(1, .client, at: frontend, to: NetworkEndpoint(serviceName: ""))]).isEmpty)
        let trace = [span(1, .server, at: nameless), span(2, parent: 1, .client, at: frontend, to: database)]
        #expect(links(trace) == [link("frontend", "db")])
    }

    @Test("work inside a process stands between calls without being one")
    func localSpans() {
        let trace = [
            span(1, .server, at: frontend), span(2, parent: 1, at: frontend), span(3, parent: 2, at: frontend),
            span(4, parent: 3, .client, at: frontend, to: backend),
            span(4, parent: 3, .server, at: backend, isShared: true),
            span(5, parent: 4, at: backend), span(6, parent: 5, .client, at: backend, to: database),
        ]
        #expect(links(trace) == [link("backend", "db"), link("frontend", "backend")])
    }

    @Test("one-way calls, whose spans have no durations, are linked")
    func oneWay() {
        let trace = [
            span(1, .client, at: frontend, to: backend, start: 1),
            span(1, .server, at: backend, start: 2, isShared: true),
        ]
        #expect(links(trace) == [link("frontend", "backend")])
    }

    @Test("several calls below one client count each, under the name that the server gives itself")
    func severalChildren() {
        let trace = [
            span(1, .client, at: frontend, to: NetworkEndpoint(serviceName: "load-balancer")),
            span(2, parent: 1, .server, at: backend),
            span(3, parent: 1, .server, at: backend),
        ]
        #expect(links(trace) == [link("frontend", "backend", 2)])
    }

    @Test("256 traces of two services each are 512 links")
    func many() {
        var linker = DependencyLinker()
        for number in 0..<256 {
            let web = NetworkEndpoint(serviceName: "web-\(number)")
            let app = NetworkEndpoint(serviceName: "app-\(number)")
            linker.add([
                span(1, .server, at: web), span(2, parent: 1, .client, at: web, to: app),
                span(2, parent: 1, .server, at: app, isShared: true),
                span(3, parent: 2, .client, at: app, to: database),
            ])
        }
        #expect(linker.links.count == 512)
        #expect(linker.links.allSatisfy { $0.callCount == 1 && $0.errorCount == 0 })
    }
}
