// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatCollector
import WingbeatModel

extension SQLiteSpanStore {
    /// Reads the traces that may match from the newest block to the oldest, each once.
    public func search(
        _ request: SearchRequest,
        _ take: @escaping @Sendable (SearchStep) -> Bool
    ) async throws -> SearchEnd {
        guard options.searchEnabled else { return SearchEnd() }
        return try await queries.run(timeout: request.timeLimit) { budget in
            var search = LanguageSearch(request)
            return try search.run(self.reader(budget), take)
        }
    }
}

/// A search in the language of searches.
private struct LanguageSearch {
    /// Why a search ends although there may be more to find.
    private struct Exhausted: Error {
        let reason: String
    }

    private let request: SearchRequest
    private var end = SearchEnd()
    private var nextProgress = ContinuousClock.now

    init(_ request: SearchRequest) {
        self.request = request
    }

    mutating func run(_ reader: StoreReader, _ take: (SearchStep) -> Bool) throws -> SearchEnd {
        var search = TraceSearch<FoundTrace>(request.expression.query(in: request.window, limit: .max), reader)
        do {
            try search.run {
                try look(at: $0)
            } take: {
                take(.found($0))
            } reach: {
                tell($0, take)
            }
            return end
        } catch let exhausted as Exhausted {
            end.reason = exhausted.reason
        } catch SpanStoreError.timeout {
            end.reason = "the time that a search may take was over"
        }
        try search.finish { take(.found($0)) }
        return end
    }

    private mutating func look(at trace: [SpanRecord]) throws -> FoundTrace? {
        guard let timestamp = TraceQuery.timestamp(of: trace), request.window.contains(timestamp) else { return nil }
        if end.searched >= request.maximumSpans { throw Exhausted(reason: "\(end.searched) spans were looked at") }
        end.searched += trace.count
        return request.expression.matches(trace) ? FoundTrace(trace) : nil
    }

    /// A few times a second.
    private mutating func tell(_ time: Int64, _ take: (SearchStep) -> Bool) -> Bool {
        let now = ContinuousClock.now
        guard now >= nextProgress else { return true }
        nextProgress = now + .milliseconds(100)
        return take(.progress(searched: end.searched, until: max(time, request.window.lowerBound)))
    }
}
