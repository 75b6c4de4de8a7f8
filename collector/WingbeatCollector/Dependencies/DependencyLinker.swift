// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel
import WingbeatSpanCodecs

/// How often a service called another.
public struct DependencyLink: Hashable, Sendable {
    /// The service that called, in lower case.
    public let parent: String
    /// The service that was called, in lower case.
    public let child: String
    /// How many calls there were.
    public var callCount: Int
    /// How many of them failed.
    public var errorCount: Int

    /// A link.
    public init(parent: String, child: String, callCount: Int, errorCount: Int = 0) {
        self.parent = parent
        self.child = child
        self.callCount = callCount
        self.errorCount = errorCount
    }
}

/// Counts, trace by trace, which services called which.
///
/// Source: the rules of Zipkin's `DependencyLinker`.
public struct DependencyLinker: Sendable {
    private struct Edge: Hashable {
        let parent: String
        let child: String
    }

    private var counts: [Edge: (calls: Int, errors: Int)] = [:]

    /// A linker that has seen nothing.
    public init() {}

    /// The links so far, by parent and child.
    public var links: [DependencyLink] {
        counts
            .map { DependencyLink(parent: $0.parent, child: $0.child, callCount: $1.calls, errorCount: $1.errors) }
            .sorted { ($0.parent, $0.child) < ($1.parent, $1.child) }
    }

    /// Adds the calls of one trace, all its spans given.
    public mutating func add(_ trace: [SpanRecord]) {
        let tree = SpanTree(trace)
        for node in tree.breadthFirst { add(node, isRoot: node === tree.root) }
    }

    private mutating func add(_ node: SpanTree.Node, isRoot: Bool) {
        guard let span = node.span, let call = Call(span) else { return }
        // A client with children: the server's side tells better who answered.
        if call.kind == .client && !node.children.isEmpty { return }
        if call.isAnswered && isRoot && call.parent == nil { return }
        if call.kind == .producer || call.kind == .consumer {
            return count(call.parent, call.child, isError: span.isError)
        }
        addRemoteCall(call, span, above: node.remoteAncestor)
    }

    private mutating func addRemoteCall(_ call: Call, _ span: SpanRecord, above ancestor: SpanRecord?) {
        var parent = call.parent
        var isError = span.isError
        if let ancestor, let name = ancestor.foldedServiceName {
            // A client below a call into another service: that service was called without a span of its own.
            if call.kind == .client, let local = call.parent, local != name { count(name, local, isError: false) }
            if call.isAnswered || parent == nil { parent = name }
            // The client's side of a call that has a span for each side may know of an error that the server's
            // does not.
            if ancestor.kind == .client, span.parentID == ancestor.id || span.id == ancestor.id {
                isError = isError || ancestor.isError
            }
        }
        count(parent, call.child, isError: isError)
    }

    private mutating func count(_ parent: String?, _ child: String?, isError: Bool) {
        guard let parent, let child else { return }
        let edge = Edge(parent: parent, child: child)
        let (calls, errors) = counts[edge] ?? (0, 0)
        counts[edge] = (calls + 1, errors + (isError ? 1 : 0))
    }
}

/// Who called whom, as one span tells it.
private struct Call {
    let kind: SpanRecord.Kind
    let parent: String?
    let child: String?

    /// True for the side that was called.
    var isAnswered: Bool { kind == .server || kind == .consumer }

    /// Nil for work inside a process.
    init?(_ span: SpanRecord) {
        let local = span.foldedServiceName
        let remote = ZipkinSpan(span).remoteEndpoint?.serviceName?.lowercased()
        guard let kind = span.remoteKind ?? (local != nil && remote != nil ? .client : nil) else { return nil }
        self.kind = kind
        let isAnswered = kind == .server || kind == .consumer
        parent = isAnswered ? remote : local
        child = isAnswered ? local : remote
    }
}

extension SpanRecord {
    fileprivate var foldedServiceName: String? {
        serviceName.flatMap { $0.isEmpty ? nil : $0.lowercased() }
    }
}
