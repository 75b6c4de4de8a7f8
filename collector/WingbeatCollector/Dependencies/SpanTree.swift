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
        /// The nearest span above this one that is a side of a remote call.
        fileprivate(set) var remoteAncestor: SpanRecord?

        init(_ span: SpanRecord?) {
            self.span = span
        }
    }

    /// All nodes, those nearer to the root first. They are released in this order, a parent before its children, so
    /// that a deep tree needs no deep stack.
    let breadthFirst: [Node]

    var root: Node { breadthFirst[0] }

    init(_ spans: [SpanRecord]) {
        let nodes = SpanMerger.merge(spans).map(Node.init)
        let directory = NodeDirectory(nodes)
        for node in nodes { node.parent = directory.parent(of: node) }
        Self.cutCircles(nodes)
        let root = nodes.first { $0.parent == nil && $0.span?.parentID == nil } ?? Node(nil)
        for node in nodes where node !== root {
            let parent = node.parent ?? root
            node.parent = parent
            parent.children.append(node)
        }
        breadthFirst = Self.breadthFirst(from: root)
        for node in breadthFirst {
            let isRemote = node.span?.remoteKind != nil
            for child in node.children { child.remoteAncestor = isRemote ? node.span : node.remoteAncestor }
        }
    }

    private static func breadthFirst(from root: Node) -> [Node] {
        var nodes = [root]
        var position = 0
        while position < nodes.count {
            nodes += nodes[position].children
            position += 1
        }
        return nodes
    }

    /// Takes the parent from one node of each circle. Each node is visited once, by the first walk up that meets it;
    /// a walk that meets itself has gone round a circle.
    private static func cutCircles(_ nodes: [Node]) {
        var walks: [ObjectIdentifier: Int] = [:]
        for (walk, node) in nodes.enumerated() {
            var next: Node? = node
            while let current = next, walks[ObjectIdentifier(current)] == nil {
                walks[ObjectIdentifier(current)] = walk
                if let parent = current.parent, walks[ObjectIdentifier(parent)] == walk { current.parent = nil }
                next = current.parent
            }
        }
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
