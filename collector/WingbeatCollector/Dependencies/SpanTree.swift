// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// The spans of one trace as a tree in which every span is found exactly once.
///
/// Source: the rules of Zipkin's `Trace` and `SpanNode`. Fragments of a span are merged; the server's side of a shared
/// span stands below the client's; a span whose parent is not there, or that is its own ancestor, stands below the
/// root; where there is no root an empty node takes its place.
struct SpanTree {
    /// A span and the spans that it caused.
    final class Node {
        let span: SpanRecord?
        fileprivate(set) weak var parent: Node?
        fileprivate(set) var children: [Node] = []

        init(_ span: SpanRecord?) {
            self.span = span
        }
    }

    let root: Node

    init(_ spans: [SpanRecord]) {
        let nodes = SpanMerger.merge(spans).map(Node.init)
        let directory = NodeDirectory(nodes)
        for node in nodes { node.parent = directory.parent(of: node) }
        for node in nodes where Self.isInCircle(node) { node.parent = nil }
        root = nodes.first { $0.parent == nil && $0.span?.parentID == nil } ?? Node(nil)
        for node in nodes where node !== root {
            let parent = node.parent ?? root
            node.parent = parent
            parent.children.append(node)
        }
    }

    /// All nodes, those nearer to the root first.
    var breadthFirst: [Node] {
        var nodes = [root]
        var position = 0
        while position < nodes.count {
            nodes += nodes[position].children
            position += 1
        }
        return nodes
    }

    private static func isInCircle(_ node: Node) -> Bool {
        var seen: Set<ObjectIdentifier> = [ObjectIdentifier(node)]
        var next = node.parent
        while let current = next {
            if current === node { return true }
            guard seen.insert(ObjectIdentifier(current)).inserted else { return false }
            next = current.parent
        }
        return false
    }
}

/// Finds a span's parent among the spans of its trace.
private struct NodeDirectory {
    private var byID: [SpanID: SpanTree.Node] = [:]
    private var sharedByID: [SpanID: [SpanTree.Node]] = [:]

    init(_ nodes: [SpanTree.Node]) {
        for node in nodes {
            guard let span = node.span else { continue }
            if span.isShared {
                sharedByID[span.id, default: []].append(node)
            } else if byID[span.id] == nil {
                byID[span.id] = node
            }
        }
    }

    func parent(of node: SpanTree.Node) -> SpanTree.Node? {
        guard let span = node.span else { return nil }
        if let client = byID[span.id], client !== node { return client }
        guard let parentID = span.parentID else { return nil }
        let shared = sharedByID[parentID] ?? []
        let sameService = shared.first { $0.span?.serviceName?.lowercased() == span.serviceName?.lowercased() }
        return sameService ?? byID[parentID] ?? shared.first
    }
}
