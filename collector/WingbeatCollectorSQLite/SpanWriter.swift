// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization
import WingbeatCollector
import WingbeatModel

/// Groups spans from many requests into few transactions, on a queue of its own.
///
/// While one transaction is written the next requests gather; the busier the collector, the larger its transactions,
/// and the less each span costs.
final class SpanWriter: Sendable {
    private struct Request {
        let spans: [SpanRecord]
        let done: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var waiting: [Request] = []
        var waitingSpans = 0
        var isScheduled = false
    }

    private let tables: SpanTables
    private let maximumWaitingSpans: Int
    private let queue = DispatchQueue(label: "wingbeat.span-writer")
    private let state = Mutex(State())

    init(_ tables: SpanTables, maximumWaitingSpans: Int) {
        self.tables = tables
        self.maximumWaitingSpans = maximumWaitingSpans
    }

    /// Returns when the spans are written.
    func write(_ spans: [SpanRecord]) async throws {
        try await withCheckedThrowingContinuation { done in
            if !enqueue(Request(spans: spans, done: done)) { done.resume(throwing: SpanStoreError.busy) }
        }
    }

    /// Returns when everything that was given before is written.
    func finish() async {
        await withCheckedContinuation { done in queue.async { done.resume() } }
    }

    /// - Returns: false when there is no room. One request always finds room, however large it is.
    private func enqueue(_ request: Request) -> Bool {
        let (isTaken, mustSchedule) = state.withLock { state in
            let total = state.waitingSpans + request.spans.count
            guard state.waiting.isEmpty || total <= maximumWaitingSpans else { return (false, false) }
            state.waiting.append(request)
            state.waitingSpans = total
            defer { state.isScheduled = true }
            return (true, !state.isScheduled)
        }
        if mustSchedule { queue.async { self.writeWaiting() } }
        return isTaken
    }

    private func writeWaiting() {
        while true {
            let requests: [Request] = state.withLock { state in
                defer {
                    state.isScheduled = !state.waiting.isEmpty
                    state.waiting = []
                    state.waitingSpans = 0
                }
                return state.waiting
            }
            if requests.isEmpty { return }
            write(requests)
        }
    }

    private func write(_ requests: [Request]) {
        do throws(SpanStoreError) {
            try tables.insert(requests.flatMap(\.spans))
            for request in requests { request.done.resume() }
        } catch {
            for request in requests { request.done.resume(throwing: error) }
        }
    }
}
