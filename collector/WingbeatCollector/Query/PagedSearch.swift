// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

extension TraceReader {
    /// Asks for whole traces, page by page back in time, and looks at each of them.
    public func search(
        _ request: SearchRequest,
        _ take: @escaping @Sendable (SearchStep) -> Bool
    ) async throws -> SearchEnd {
        var search = PagedSearch(request)
        do {
            return try await search.run(on: self, take)
        } catch SpanStoreError.timeout {
            return search.end("the time that a search may take was over")
        }
    }
}

/// A search that goes back in time page by page.
private struct PagedSearch {
    private static let largestPage = 1000

    private let request: SearchRequest
    private let deadline: ContinuousClock.Instant?
    private var end: Int64
    private var page = 50
    private var seen: Set<TraceID> = []
    private var spans = 0

    init(_ request: SearchRequest) {
        self.request = request
        deadline = request.timeLimit > .zero ? .now + request.timeLimit : nil
        end = request.window.upperBound
    }

    func end(_ reason: String?) -> SearchEnd { SearchEnd(searched: spans, reason: reason) }

    mutating func run(on reader: some TraceReader, _ take: (SearchStep) -> Bool) async throws -> SearchEnd {
        while end >= request.window.lowerBound {
            let window = request.window.lowerBound...end
            let query = request.expression.query(in: window, limit: page)
            let traces = try await reader.traces(matching: query)
            guard !traces.isEmpty else { return end(nil) }
            let before = seen.count
            for trace in traces {
                try Task.checkCancellation()
                guard try look(at: trace, take) else { return end(nil) }
                if spans >= request.maximumSpans { return end("\(spans) spans were looked at") }
            }
            turnPage(traces, hasNew: seen.count > before)
            guard take(.progress(searched: spans, until: end)) else { return end(nil) }
        }
        return end(nil)
    }

    /// False when these are enough.
    private mutating func look(at trace: [SpanRecord], _ take: (SearchStep) -> Bool) throws -> Bool {
        guard let id = trace.first?.traceID, seen.insert(id).inserted else { return true }
        if let deadline, ContinuousClock.now > deadline { throw SpanStoreError.timeout }
        spans += trace.count
        guard request.expression.matches(trace), let found = FoundTrace(trace) else { return true }
        return take(.found(found))
    }

    /// Back to the oldest of these traces; others may have begun with it.
    private mutating func turnPage(_ traces: [[SpanRecord]], hasNew: Bool) {
        let oldest = min(traces.compactMap(TraceQuery.timestamp).min() ?? end, end)
        if hasNew {
            end = oldest
            page = min(page * 2, Self.largestPage)
        } else if traces.count == page, page < 10 * Self.largestPage {
            page *= 2  // all of them began in one microsecond
        } else {
            end = oldest - 1
        }
    }
}
