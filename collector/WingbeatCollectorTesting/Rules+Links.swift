// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

// Which services are linked, when spans go through an intake in front of the store.
extension ContractStores {
    func verifyLinksOfDuplicates() async throws {
        try await expectLinks(of: newTrace(), newTrace(), [newTrace()[2]], are: newTraceLinks())
    }

    func verifyLinksOfMixedIDs() async throws {
        let (wide, narrow) = (newTrace(7, high: 9), newTrace(7))
        try await expectLinks(of: [wide[0], wide[1], narrow[2], narrow[3]], are: newTraceLinks())
        try await expectLinks(of: [wide[0], wide[1]], [narrow[2], narrow[3]], are: newTraceLinks())
    }

    func verifyLinksOfBothSides() async throws {
        let trace = [
            span(1, .server, to: NetworkEndpoint(ipv4: "1.2.3.4")),
            span(2, parent: 1, .client, at: frontend),
            span(2, parent: 1, .server, at: backend, isShared: true),
            span(3, parent: 2, .client, at: backend),
            span(3, parent: 2, .server, at: database, isShared: true),
        ]
        let expected = [link("backend", "db"), link("frontend", "backend")]
        try await expectLinks(of: trace, are: expected)
        try await expectLinks(of: trace.reversed(), are: expected)
    }

    func verifyLinkToItself() async throws {
        let trace = [
            span(1, .server), span(2, parent: 1, .client, to: frontend), span(2, parent: 1, .server, isShared: true),
        ]
        try await expectLinks(of: trace, are: [link("frontend", "frontend")])
    }

    func verifyLinkWindows() async throws {
        let minute: Int64 = 60_000
        var trace = newTrace(start: 30 * minute * 1000)
        trace[0].durationNanoseconds = UInt64(5 * minute) * 1_000_000
        let subject = try await empty()
        let intake = SpanIntake(store: subject.store)
        try await intake.accept(trace)
        func expect(_ expected: [DependencyLink], _ endTs: Int64, _ lookback: Int64) async throws {
            try await subject.expectLinks(of: intake, are: expected, in: (endTs, lookback))
        }
        try await expect(newTraceLinks(), today + 31 * minute, 2 * minute)
        try await expect(newTraceLinks(), today + 30 * minute, minute)
        try await expect([], today + 29 * minute, day)
        try await expect([], today + day, day - 31 * minute)
    }

    func verifyLinksToUninstrumented() async throws {
        let trace = [span(1, .server, to: endpoint("mobile")), span(2, parent: 1, .client, to: database)]
        try await expectLinks(of: trace, are: [link("frontend", "db"), link("mobile", "frontend")])
    }

    func verifyLinksOfRootsAndBrokers() async throws {
        let roots = [span(1, .client, to: backend), span(1, .server, at: backend, to: frontend, isShared: true)]
        try await expectLinks(of: roots, are: [link("frontend", "backend")])
        let messages = [
            span(1, .producer, to: broker), span(2, parent: 1, .consumer, at: backend, to: broker, start: 5),
        ]
        try await expectLinks(of: messages, are: [link("frontend", "kafka"), link("kafka", "backend")])
    }

    func verifyLinksOverGaps() async throws {
        let trace = [span(1, .server), span(3, parent: 1, .client, at: backend, to: database)]
        try await expectLinks(of: trace, are: [link("backend", "db"), link("frontend", "backend")])
    }

    func verifyLinksByDay() async throws {
        let subject = try await empty()
        let intake = SpanIntake(store: subject.store)
        try await intake.accept(newTrace(1) + newTrace(2, start: -day * 1000))
        try await subject.expectLinks(of: intake, are: newTraceLinks(), in: (today + day - 1, day - 1))
        try await subject.expectLinks(of: intake, are: newTraceLinks(), in: (today - 1, day - 1))
        try await subject.expectLinks(of: intake, are: newTraceLinks(2))
        try await subject.expectLinks(of: intake, are: [], in: (today - day - 60_000, day))
    }

    func verifyLinkWithoutKind() async throws {
        try await expectLinks(of: [span(1, to: database)], are: [link("frontend", "db")])
        try await expectLinks(of: [span(1)], [span(1, of: 2, at: nil, to: database)], are: [])
    }

    func verifyNoLinkWithoutName() async throws {
        let nameless = NetworkEndpoint(ipv4: "1.2.3.4")
        try await expectLinks(of: [span(1, .client, to: nameless)], [span(1, of: 2, .client, at: nameless)], are: [])
        try await expectLinks(
            of: [span(1, .client, to: endpoint(""))],
            [span(1, of: 2, .server, to: nameless)],
            are: []
        )
        let trace = [span(1, .server, at: nameless), span(2, parent: 1, .client, to: database)]
        try await expectLinks(of: trace, are: [link("frontend", "db")])
    }

    func verifyLinksOverLocalSpans() async throws {
        let trace = [
            span(1, .server), span(2, parent: 1), span(3, parent: 2, .client, to: backend),
            span(3, parent: 2, .server, at: backend, isShared: true), span(4, parent: 3, .internal, at: backend),
            span(5, parent: 4, at: backend), span(6, parent: 5, .client, at: backend, to: database),
        ]
        try await expectLinks(of: trace, are: [link("backend", "db"), link("frontend", "backend")])
    }

    func verifyLinksOfSplitSpans() async throws {
        let trace = [
            span(1, .client, to: backend, start: 1, duration: 9),
            span(1, .server, at: backend, to: frontend, start: 2, duration: 7, isShared: true),
            span(2, parent: 1, .client, at: backend, to: database, start: 3, duration: 5),
        ]
        try await expectLinks(of: trace, are: [link("backend", "db"), link("frontend", "backend")])
    }

    func verifyLinksOfOneWayCalls() async throws {
        let trace = [
            span(1, .client, to: backend), span(1, .server, at: backend, start: 9, isShared: true),
            span(2, parent: 1, .client, at: backend, to: database, start: 20),
        ]
        try await expectLinks(of: trace, are: [link("backend", "db"), link("frontend", "backend")])
    }

    func verifyAnnotationIsNoError() async throws {
        try await expectLinks(
            of: [span(1, .client, to: backend, annotations: ["error"])],
            are: [link("frontend", "backend")]
        )
        let failed = span(1, .client, to: backend, tags: ["error": ""])
        try await expectLinks(of: [failed], are: [link("frontend", "backend", errors: 1)])
    }

    func verifyLinksOfUninstrumentedBroker() async throws {
        let trace = [
            span(1, .consumer, to: broker), span(2, parent: 1, .client, to: database),
        ]
        try await expectLinks(of: trace, are: [link("frontend", "db"), link("kafka", "frontend")])
    }

    func verifyManyLinks() async throws {
        let numbers = 1...256 as ClosedRange<UInt64>
        let spans = numbers.flatMap { number in
            [
                span(
                    1,
                    of: number,
                    .server,
                    at: endpoint("b\(number)"),
                    to: endpoint("a\(number)"),
                    start: Int64(number)
                ),
                span(2, of: number, parent: 1, .client, at: endpoint("b\(number)"), to: endpoint("c\(number)")),
            ]
        }
        let expected = numbers.flatMap { [link("a\($0)", "b\($0)"), link("b\($0)", "c\($0)")] }
        try await expectLinks(of: spans, are: expected)
    }
}
