// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector
import WingbeatModel

@Suite("Spans with ids of their own")
struct UniqueSpansTests {
    private func tree(_ spans: [SpanRecord]) -> [[UInt64?]] {
        UniqueSpans.of(spans).map { [$0.id.value, $0.parentID?.value] }
    }

    @Test("nothing stays nothing; spans that share no id stay as they are, by their start")
    func untouched() {
        #expect(UniqueSpans.of([]).isEmpty)
        let late = span(3, parent: 1, named: "late", start: 20)
        let root = span(1, named: "root", start: 10)
        #expect(UniqueSpans.of([late, root]) == [root, late])
    }

    @Test(
        "the server's side of a shared span gets an id of its own below the client's, and what it did stands below it"
    )
    func shared() {
        #expect(tree(newTrace) == [[1, nil], [2, 1], [4, 2], [3, 4]])
    }

    @Test("a shared span whose client is not there keeps its id")
    func alone() {
        let server = span(2, parent: 1, .server, at: backend, start: 1, isShared: true)
        #expect(tree([server, span(3, parent: 2, start: 2)]) == [[2, 1], [3, 2]])
    }

    @Test("fragments of a span are put together")
    func fragments() {
        var first = span(1, .server, at: frontend, named: "get", start: 5)
        first.attributes = [Attribute("a", "1")]
        var second = span(1, at: frontend, duration: 7)
        second.attributes = [Attribute("b", "2")]
        let merged = UniqueSpans.of([first, second])
        #expect(merged.count == 1)
        #expect(merged.first?.durationNanoseconds == 7000)
        #expect(merged.first?.attributes.map(\.key) == ["a", "b"])
    }

    @Test("the largest id there is has a free one after it")
    func largest() {
        let client = span(.max, .client, at: frontend, start: 1)
        let server = span(.max, .server, at: backend, start: 2, isShared: true)
        #expect(tree([client, server]) == [[.max, nil], [1, .max]])
    }
}
