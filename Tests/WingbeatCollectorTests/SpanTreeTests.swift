// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatModel

@testable import WingbeatCollector

@Suite("The spans of a trace as a tree")
struct SpanTreeTests {
    /// The ids of the tree's nodes with those of their children, sorted, root first; 0 for a node without a span.
    private func outline(_ spans: [SpanRecord]) -> String {
        func text(_ node: SpanTree.Node) -> String {
            let id = (node.span?.id.value).map(String.init) ?? "0"
            let name = node.span?.isShared == true ? id + "s" : id
            return node.children.isEmpty ? name : "\(name)(\(node.children.map(text).sorted().joined(separator: " ")))"
        }
        return text(SpanTree(spans).root)
    }

    @Test("a trace without spans is a node without a span")
    func empty() {
        let tree = SpanTree([])
        #expect(tree.root.span == nil)
        #expect(tree.breadthFirst.count == 1)
    }

    @Test("children stand below their parents, whatever the order in which they came")
    func plain() {
        let spans = [span(1), span(2, parent: 1), span(3, parent: 2), span(4, parent: 1)]
        #expect(outline(spans) == "1(2(3) 4)")
        #expect(outline([spans[2], spans[1], spans[0], spans[3]]) == "1(2(3) 4)")
    }

    @Test("the server's side of a shared span stands below the client's, and its children below it")
    func shared() {
        #expect(outline(newTrace) == "1(2(2s(3)))")
        #expect(outline(newTrace.reversed()) == "1(2(2s(3)))")
    }

    @Test("a shared span whose client's side was lost stands below its parent, or is the root")
    func lostClient() {
        let server = span(2, parent: 1, .server, at: backend, isShared: true)
        let child = span(3, parent: 2, .client, at: backend)
        #expect(outline([span(1), server, child]) == "1(2s(3))")
        #expect(outline([span(2, .server, at: backend, isShared: true), child]) == "2s(3)")
    }

    @Test("a child of a shared id belongs to the side of its own service")
    func childOfSharedID() {
        let sides = [span(1, .client, at: frontend), span(1, .server, at: backend, isShared: true)]
        #expect(outline(sides + [span(2, parent: 1, at: backend)]) == "1(1s(2))")
        #expect(outline(sides + [span(2, parent: 1, at: frontend)]) == "1(1s 2)")
        let twice = sides + [span(1, .server, at: database, isShared: true), span(2, parent: 1, at: database)]
        #expect(outline(twice) == "1(1s 1s(2))")
    }

    @Test("a span whose parent never came stands below the root")
    func orphans() {
        #expect(outline([span(3, parent: 9), span(1), span(4, parent: 3)]) == "1(3(4))")
    }

    @Test("a second root stands below the first")
    func severalRoots() {
        #expect(outline([span(1), span(2), span(3, parent: 2), span(4)]) == "1(2(3) 4)")
    }

    @Test("where the root never came an empty node takes its place")
    func headless() {
        #expect(outline([span(2, parent: 1), span(3, parent: 1), span(4, parent: 2)]) == "0(2(4) 3)")
    }

    @Test("a span that is its own parent or ancestor does not get lost")
    func circles() {
        #expect(outline([span(1), span(2, parent: 2)]) == "1(2)")
        #expect(outline([span(2, parent: 2)]) == "0(2)")
        #expect(SpanTree([span(1, parent: 2), span(2, parent: 1)]).breadthFirst.count == 3)
        let circle = [span(1), span(2, parent: 4), span(3, parent: 2), span(4, parent: 3), span(5, parent: 4)]
        #expect(SpanTree(circle).breadthFirst.count == 5)
    }

    @Test("in 2,000 traces of every kind of disorder each span is found exactly once")
    func everySpanOnce() {
        var generator = SeededGenerator(seed: 63)
        let services = [frontend, backend, database, nil]
        for _ in 0..<2000 {
            let spans = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                span(
                    UInt64.random(in: 1...8, using: &generator),
                    parent: Bool.random(using: &generator) ? UInt64.random(in: 1...10, using: &generator) : nil,
                    [nil, .client, .server].randomElement(using: &generator) ?? nil,
                    at: services.randomElement(using: &generator) ?? nil,
                    isShared: Bool.random(using: &generator)
                )
            }
            let merged = SpanMerger.merge(spans)
            let nodes = SpanTree(spans).breadthFirst
            #expect(Set(nodes.map { ObjectIdentifier($0) }).count == nodes.count)
            #expect(nodes.compactMap(\.span).count == merged.count)
            #expect(Set(nodes.compactMap(\.span)) == Set(merged))
            #expect(nodes.dropFirst().allSatisfy { node in node.parent?.children.contains { $0 === node } == true })
        }
    }

    @Test("a chain of 100,000 spans is built and released without a deep stack")
    func deepest() {
        let chain = (1...100_000 as ClosedRange<UInt64>).map { span($0, parent: $0 - 1) }
        #expect(SpanTree(chain.reversed()).breadthFirst.last?.span?.id.value == 100_000)
        let circle = chain.dropFirst() + [span(1, parent: 100_000)]
        #expect(SpanTree(Array(circle)).breadthFirst.count == 100_001)
    }
}
