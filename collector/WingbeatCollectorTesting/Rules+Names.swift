// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

// Names, values of tags, counts and state.
extension ContractStores {
    func verifyLocalServices() async throws {
        let subject = try await empty()
        try subject.expect(try await subject.store.services(), is: [], "services")
        try await subject.store.accept([span(1, of: 9, .client, at: nil, to: endpoint("far"), named: "get")])
        try subject.expect(try await subject.store.services(), is: [], "services")
        try await subject.store.accept(
            newTrace() + [span(1, of: 2, at: endpoint("Ünï")), span(1, of: 3, at: endpoint("web"))]
        )
        let expected = ["backend", "frontend", "web", "ünï"]
        try subject.expect(try await subject.store.services(), is: expected, "services")
    }

    func verifyRemoteServices() async throws {
        let names = (0...50).map { "remote-\($0)" }
        let subject = try await holding([span(1, of: 999, named: "alone")])
        func remotes(_ service: String) async throws -> [String] {
            try await subject.store.remoteServices(ofService: service)
        }
        try subject.expect(try await remotes("frontend"), is: [], "remoteServices of frontend")
        for round in 1...2 as ClosedRange<UInt64> {
            let spans = names.enumerated().map { number, name in
                span(round, of: UInt64(number + 1), .client, to: endpoint(name), named: "get")
            }
            try await subject.store.accept(spans)
        }
        try subject.expect(try await remotes("frontend"), is: names.sorted(), "remoteServices of frontend")
        try subject.expect(try await remotes("FrontEnd"), is: names.sorted(), "remoteServices of FrontEnd")
        try subject.expect(try await remotes("remote-1"), is: [], "remoteServices of a remote service")
        try subject.expect(try await remotes("unknown"), is: [], "remoteServices of an unknown service")
    }

    func verifySpanNamesByService() async throws {
        let names = (0...50).map { "Name \($0)" }
        let expected = names.map { $0.lowercased() }.sorted()
        let subject = try await holding([span(1, of: 999, named: "")])
        func found(_ service: String) async throws -> [String] { try await subject.store.spanNames(ofService: service) }
        try subject.expect(try await found("frontend"), is: [], "spanNames of frontend")
        for round in 1...2 as ClosedRange<UInt64> {
            let spans = names.enumerated().map { number, name in
                span(round, of: UInt64(number + 1), .client, to: backend, named: name)
            }
            try await subject.store.accept(spans)
        }
        try subject.expect(try await found("frontend"), is: expected, "spanNames of frontend")
        try subject.expect(try await found("FrontEnd"), is: expected, "spanNames of FrontEnd")
        try subject.expect(try await found("backend"), is: [], "spanNames of a remote service")
        try subject.expect(try await found("unknown"), is: [], "spanNames of an unknown service")
    }

    func verifyTagValues() async throws {
        let spans = [
            span(1, of: 1, tags: ["http.method": "POST", "http.path": "/a"]),
            span(2, of: 1, at: backend, tags: ["http.method": "GET", "env": ""]),
            span(1, of: 2, tags: ["http.method": "GET", "env": "prod"]),
        ]
        let subject = try await holding(spans) { $0.autocompleteKeys = ["http.method", "env"] }
        func values(_ key: String) async throws -> [String] { try await subject.store.tagValues(forKey: key) }
        try subject.expect(try await values("http.method"), is: ["GET", "POST"], "tagValues of http.method")
        try subject.expect(
            try await values("http.path"),
            is: [],
            "tagValues of a key that is not one of autocompleteKeys"
        )
        try subject.expect(try await values("HTTP.METHOD"), is: [], "tagValues of a key in another case")
        let untold = try await holding(spans)
        let found = try await untold.store.tagValues(forKey: "http.method")
        try untold.expect(found, is: [], "tagValues without autocompleteKeys")
    }

    func verifySearchDisabled() async throws {
        let trace = [
            span(1, .client, to: backend, named: "get", duration: 5, tags: ["env": "prod"], annotations: ["foo"])
        ]
        let subject = try await holding(trace) {
            $0.searchEnabled = false
            $0.autocompleteKeys = ["env"]
        }
        try await subject.expect(ContractSearch(), finds: [])
        try await subject.expect(ContractSearch(service: "frontend", annotations: "foo"), finds: [])
        let store = subject.store
        try subject.expect(try await store.services(), is: [], "services")
        try subject.expect(try await store.spanNames(ofService: "frontend"), is: [], "spanNames")
        try subject.expect(try await store.remoteServices(ofService: "frontend"), is: [], "remoteServices")
        try subject.expect(try await store.tagValues(forKey: "env"), is: [], "tagValues")
        let summaries = try await store.summaries(matching: try ContractSearch().query)
        try subject.expect(summaries, is: [], "summaries")
        let window = (today - day) * 1000...(today + day) * 1000
        let found = try await subject.found(SearchRequest(.everything, in: window))
        try subject.expect(found.traces, is: [], "search")
        try await subject.expect(trace: trace[0].traceID, is: trace)
    }

    func verifyRollupsAddUp() async throws {
        let subject = try await empty()
        func calls(_ count: Int, _ errors: Int, _ nanoseconds: UInt64...) -> CallStatistics {
            var durations = DurationHistogram()
            for duration in nanoseconds { durations.record(nanoseconds: duration) }
            return CallStatistics(count: count, errors: errors, durations: durations)
        }
        let minute = today / 60_000
        func rollup(_ kind: Rollup.Kind, _ name: String, _ calls: CallStatistics) -> Rollup {
            Rollup(kind, minute: minute, service: "frontend", name: name, calls: calls)
        }
        try await subject.store.add([
            rollup(.operation, "get", calls(2, 1, 5, 2000)), rollup(.link, "get", calls(7, 0)),
        ])
        try await subject.store.add([
            rollup(.operation, "get", calls(1, 1, 9)), rollup(.operation, "", calls(1, 0, .max)),
        ])
        try await subject.store.add([])
        let window = try TraceQuery.window(endTs: today + day, lookback: 2 * day)
        let operations = Set(try await subject.store.rollups(.operation, in: window))
        let expected = [rollup(.operation, "get", calls(3, 2, 5, 2000, 9)), rollup(.operation, "", calls(1, 0, .max))]
        try subject.expect(operations, is: Set(expected), "rollups of operations")
        let links = try await subject.store.rollups(.link, in: window)
        try subject.expect(links, is: [rollup(.link, "get", calls(7, 0))], "rollups of links")
    }

    func verifyRollupWindows() async throws {
        let subject = try await empty()
        let minute = today / 60_000
        let all = (0...3).map { number in
            Rollup(
                .link,
                minute: minute + Int64(number),
                service: "a",
                name: "b",
                calls: CallStatistics(count: number + 1)
            )
        }
        try await subject.store.add([all[2], all[0], all[3], all[1]])
        func expect(_ window: ClosedRange<Int64>, _ expected: ClosedRange<Int>) async throws {
            let shifted = window.lowerBound + today * 1000...window.upperBound + today * 1000
            let found = try await subject.store.rollups(.link, in: shifted)
            try subject.expect(found, is: Array(all[expected]), "rollups from \(window) microseconds after midnight")
        }
        try await expect(0...239_999_999, 0...3)
        try await expect(60_000_000...119_999_999, 1...1)
        try await expect(119_999_999...120_000_000, 1...2)
        try await expect(90_000_000...90_000_000, 1...1)
        let before = try await subject.store.rollups(.link, in: (today - 9) * 1000...today * 1000 - 1)
        try subject.expect(before, is: [], "rollups before the first")
    }

    func verifyStatus() async throws {
        let subject = try await empty()
        try await subject.store.check()
        try subject.expect(try await subject.store.status().spans, is: 0, "the number of spans in an empty store")
        try subject.expect(try await subject.store.status().oldest, is: nil, "the oldest start in an empty store")
        try await subject.store.accept(newTrace(1, start: 2_000_000) + newTrace(2, start: 1_000_000))
        try await subject.store.check()
        let status = try await subject.store.status()
        try subject.expect(status.spans, is: 8, "the number of spans")
        try subject.expect(status.oldest, is: today * 1000 + 1_000_000, "the oldest start")
    }
}
