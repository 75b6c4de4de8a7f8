// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// A search for traces in the language of searches.
public struct SearchRequest: Hashable, Sendable {
    /// What is looked for.
    public var expression: SearchExpression
    /// When the trace began, in microseconds since 1970.
    public var window: ClosedRange<Int64>
    /// After how many spans that were looked at the search ends, found or not.
    public var maximumSpans = 5_000_000
    /// How long it may take; zero for as long as it wants. A store may have a limit of its own.
    public var timeLimit: Duration = .zero

    /// A search.
    public init(_ expression: SearchExpression, in window: ClosedRange<Int64>) {
        self.expression = expression
        self.window = window
    }
}

/// What is told of a search while it goes on.
public enum SearchStep: Hashable, Sendable {
    /// A trace that meets the expression, older than the one before.
    case found(FoundTrace)
    /// So many spans were looked at; all traces that began at this time or later are among them (microseconds since 1970).
    case progress(searched: Int, until: Int64)
}

/// How a search ended.
public struct SearchEnd: Hashable, Sendable {
    /// How many spans were looked at.
    public var searched = 0
    /// Why it ended before all of the window was looked at; nil when it was, or when it was told to stop.
    public var reason: String?

    /// The end of a search.
    public init(searched: Int = 0, reason: String? = nil) {
        self.searched = searched
        self.reason = reason
    }
}

/// A trace that a search found, in short.
public struct FoundTrace: Hashable, Sendable {
    /// What a list says of any trace.
    public let summary: TraceSummary
    /// How many spans of each service failed, by its name as it came.
    public let errors: [String: Int]
    /// True when spans of it were not stored, because it had too many.
    public let isTruncated: Bool
    /// True when a server seems to begin before its client on another machine: clocks disagree.
    public let isSkewed: Bool

    /// Nil when there are no spans.
    public init?(_ spans: [SpanRecord]) {
        guard let summary = TraceSummary(spans) else { return nil }
        self.summary = summary
        errors = spans.reduce(into: [:]) { counts, span in
            if span.isError, let name = span.serviceName, !name.isEmpty { counts[name, default: 0] += 1 }
        }
        isTruncated = spans.contains { $0[attribute: SpanIntake.droppedSpansKey] != nil }
        isSkewed = SkewAdjustment.isNeeded(spans)
    }
}

extension SkewAdjustment {
    /// True when a call in the trace tells of clocks that disagree; cheaper than to adjust it.
    static func isNeeded(_ spans: [SpanRecord]) -> Bool {
        var clients: [SpanID: SpanRecord] = [:]
        for span in spans where span.kind == .client { clients[span.id] = span }
        guard !clients.isEmpty else { return false }
        return spans.contains { server in
            guard server.kind == .server, let client = clients[server.id] ?? server.parentID.flatMap({ clients[$0] })
            else { return false }
            return isBehind(server, client)
        }
    }
}
