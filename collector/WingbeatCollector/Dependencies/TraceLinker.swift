// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Finds the calls from service to service in the spans of one trace, in memory that is kept for the next.
///
/// The rules are those of ``DependencyLinker``, on digests in place of whole spans.
struct TraceLinker {
    /// A call.
    struct Call {
        /// The number of the name of the service that called.
        let parent: UInt32
        /// The number of the name of the service that was called.
        let child: UInt32
        /// Nanoseconds; zero when unknown.
        let duration: UInt64
        let isError: Bool
    }

    private static let nowhere: Int32 = -1

    private struct Node {
        var span: SpanDigest
        /// The number of the name of the span's service.
        var service: UInt32 = NameTable.none
        /// The node after this one among those of one id.
        var next = nowhere
        var parent = nowhere
        var hasChildren = false
        /// The walk that met the node first, while circles are looked for; afterwards the nearest node above it that
        /// is a side of a remote call.
        var mark = nowhere
        var isMarked = false
    }

    /// The calls of the last trace.
    private(set) var calls: [Call] = []
    /// Of how many fragments under one id the rest is left out, so that a trace made to be slow is not.
    private let maximumFragments = 64
    private var nodes: [Node] = []
    private var heads: [Int32] = []
    private var shift: UInt64 = 63
    private let factor = UInt64.random(in: .min ... .max) | 1

    /// Finds the ``calls`` of a trace.
    mutating func link(_ spans: [SpanDigest], _ table: EndpointTable) {
        calls.removeAll(keepingCapacity: true)
        merge(spans, table)
        for index in nodes.indices {
            nodes[index].service = nodes[index].span.service(table)
        }
        for index in nodes.indices { nodes[index].parent = parent(of: index) }
        cutCircles()
        let root = nodes.firstIndex { $0.parent == Self.nowhere && $0.span.parent == 0 }
        attachOrphans(to: root)
        for index in nodes.indices where !nodes[index].isMarked { findRemoteAncestor(of: index) }
        for index in nodes.indices { addCalls(of: index, isRoot: index == root) }
    }
}

// MARK: Fragments

extension TraceLinker {
    /// Clients before servers, and what is shared last, so that a server finds its client's side merged already.
    private mutating func merge(_ spans: [SpanDigest], _ table: EndpointTable) {
        nodes.removeAll(keepingCapacity: true)
        makeHeads(for: spans.count)
        for turn in 0..<4 {
            for span in spans where Self.turn(of: span) == turn { merge(span, table) }
        }
    }

    private static func turn(of span: SpanDigest) -> Int {
        (span.flags.contains(.shared) ? 2 : 0) + (span.kind == .client ? 0 : 1)
    }

    private mutating func makeHeads(for count: Int) {
        let bits = UInt64(max(64 - (2 * max(count, 1)).leadingZeroBitCount, 1))
        shift = 64 - bits
        heads.removeAll(keepingCapacity: true)
        heads.append(contentsOf: repeatElement(Self.nowhere, count: 1 << Int(bits)))
    }

    private func head(of id: UInt64) -> Int { Int(truncatingIfNeeded: (id &* factor) >> shift) }

    private mutating func merge(_ span: SpanDigest, _ table: EndpointTable) {
        var span = span
        complete(&span)
        var last = Self.nowhere
        var fragments = 0
        var index = heads[head(of: span.id)]
        while index != Self.nowhere {
            let node = Int(index)
            if nodes[node].span.id == span.id {
                if canMerge(nodes[node].span, span, table) { return nodes[node].span.merge(span) }
                fragments += 1
                if fragments == maximumFragments { return }
            }
            last = index
            index = nodes[node].next
        }
        append(span, after: last)
    }

    /// A server's side with the id of a client's is shared even if it does not say so, and has the client's parent.
    private func complete(_ span: inout SpanDigest) {
        guard span.kind == .server else { return }
        var index = heads[head(of: span.id)]
        while index != Self.nowhere {
            let other = nodes[Int(index)].span
            if other.id == span.id, other.kind == .client {
                span.flags.insert(.shared)
                if span.parent == 0 { span.parent = other.parent }
                return
            }
            index = nodes[Int(index)].next
        }
    }

    private func canMerge(_ left: SpanDigest, _ right: SpanDigest, _ table: EndpointTable) -> Bool {
        left.flags.contains(.shared) == right.flags.contains(.shared) && table.agree(left.local, right.local)
    }

    private mutating func append(_ span: SpanDigest, after last: Int32) {
        let place = Int32(truncatingIfNeeded: nodes.count)
        nodes.append(Node(span: span))
        if last == Self.nowhere { heads[head(of: span.id)] = place } else { nodes[Int(last)].next = place }
    }
}

// MARK: The tree

extension TraceLinker {
    /// The client's side of the same id, or else the span that the parent's id names: its server's side, where that is
    /// of the same service.
    private func parent(of index: Int) -> Int32 {
        let span = nodes[index].span
        if let client = firstUnshared(span.id), client != index { return Int32(truncatingIfNeeded: client) }
        guard span.parent != 0 else { return Self.nowhere }
        var unshared = Self.nowhere
        var shared = Self.nowhere
        var next = heads[head(of: span.parent)]
        while next != Self.nowhere {
            let node = Int(next)
            if nodes[node].span.id == span.parent {
                if !nodes[node].span.flags.contains(.shared) {
                    if unshared == Self.nowhere { unshared = next }
                } else if nodes[node].service == nodes[index].service {
                    return next
                } else if shared == Self.nowhere {
                    shared = next
                }
            }
            next = nodes[node].next
        }
        return unshared == Self.nowhere ? shared : unshared
    }

    private func firstUnshared(_ id: UInt64) -> Int? {
        var next = heads[head(of: id)]
        while next != Self.nowhere {
            let node = Int(next)
            if nodes[node].span.id == id, !nodes[node].span.flags.contains(.shared) { return node }
            next = nodes[node].next
        }
        return nil
    }

    /// Takes the parent from one node of each circle. Each node is visited once, by the first walk up that meets it;
    /// a walk that meets itself has gone round a circle.
    private mutating func cutCircles() {
        for walk in nodes.indices {
            let mark = Int32(truncatingIfNeeded: walk)
            var next = mark
            while next != Self.nowhere, nodes[Int(next)].mark == Self.nowhere {
                let node = Int(next)
                nodes[node].mark = mark
                let parent = nodes[node].parent
                if parent != Self.nowhere, nodes[Int(parent)].mark == mark { nodes[node].parent = Self.nowhere }
                next = nodes[node].parent
            }
        }
    }

    private mutating func attachOrphans(to root: Int?) {
        let rootPlace = root.map { Int32(truncatingIfNeeded: $0) } ?? Self.nowhere
        for index in nodes.indices {
            if nodes[index].parent == Self.nowhere, index != root { nodes[index].parent = rootPlace }
            let parent = nodes[index].parent
            if parent != Self.nowhere { nodes[Int(parent)].hasChildren = true }
            nodes[index].mark = Self.nowhere
        }
    }

    /// Walks up to the first side of a remote call; what is local in between has the same one.
    private mutating func findRemoteAncestor(of index: Int) {
        var above = nodes[index].parent
        while above != Self.nowhere, nodes[Int(above)].span.remoteKind == nil, !nodes[Int(above)].isMarked {
            above = nodes[Int(above)].parent
        }
        if above != Self.nowhere, nodes[Int(above)].span.remoteKind == nil { above = nodes[Int(above)].mark }
        var node = Int32(truncatingIfNeeded: index)
        repeat {
            nodes[Int(node)].mark = above
            nodes[Int(node)].isMarked = true
            node = nodes[Int(node)].parent
        } while node != Self.nowhere && node != above && !nodes[Int(node)].isMarked
    }
}

// MARK: Calls

extension TraceLinker {
    private mutating func addCalls(of index: Int, isRoot: Bool) {
        let span = nodes[index].span
        let local = Self.named(nodes[index].service)
        let remote = Self.named(span.remoteService)
        guard let kind = span.remoteKind ?? (local != nil && remote != nil ? .client : nil) else { return }
        // A client with children: the server's side tells better who answered.
        if kind == .client && nodes[index].hasChildren { return }
        let isAnswered = kind == .server || kind == .consumer
        let parent = isAnswered ? remote : local
        let child = isAnswered ? local : remote
        if isAnswered && isRoot && parent == nil { return }
        if kind == .producer || kind == .consumer {
            return add(parent, child, span.duration, isError: span.isError)
        }
        addRemoteCall(index, parent, child, isAnswered: isAnswered)
    }

    private mutating func addRemoteCall(_ index: Int, _ parent: UInt32?, _ child: UInt32?, isAnswered: Bool) {
        let span = nodes[index].span
        var parent = parent
        var isError = span.isError
        let above = nodes[index].mark
        if above != Self.nowhere, let name = Self.named(nodes[Int(above)].service) {
            let ancestor = nodes[Int(above)].span
            // A client below a call into another service: that service was called without a span of its own.
            if !isAnswered, let local = parent, local != name { add(name, local, 0, isError: false) }
            if isAnswered || parent == nil { parent = name }
            // The client's side of a call that has a span for each side may know of an error that the server's
            // does not.
            if ancestor.kind == .client, span.parent == ancestor.id || span.id == ancestor.id {
                isError = isError || ancestor.isError
            }
        }
        add(parent, child, span.duration, isError: isError)
    }

    private static func named(_ name: UInt32) -> UInt32? { name > NameTable.empty ? name : nil }

    private mutating func add(_ parent: UInt32?, _ child: UInt32?, _ duration: UInt64, isError: Bool) {
        guard let parent, let child else { return }
        calls.append(Call(parent: parent, child: child, duration: duration, isError: isError))
    }
}
