// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization
import WingbeatCollector
import WingbeatModel

/// Groups spans from many posts into few appends to the journal, on a queue of its own.
///
/// While one append is written the next posts gather; the busier the collector, the larger its appends, and the less
/// each span costs.
final class SpanWriter: Sendable {
    private struct Request {
        let batch: SpanBatch
        let done: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var waiting: [Request] = []
        var waitingBytes = 0
        var isScheduled = false
    }

    private let growing: GrowingHead
    private let maximumWaitingBytes: Int
    private let queue: DispatchQueue
    private let state = Mutex(State())

    init(_ growing: GrowingHead, queue: DispatchQueue, maximumWaitingBytes: Int) {
        self.growing = growing
        self.queue = queue
        self.maximumWaitingBytes = maximumWaitingBytes
    }

    /// Returns when the spans are in the journal and are found by queries.
    func write(_ batch: SpanBatch) async throws {
        try await withCheckedThrowingContinuation { done in
            if !enqueue(Request(batch: batch, done: done)) { done.resume(throwing: SpanStoreError.busy) }
        }
    }

    /// How many bytes wait.
    var waitingBytes: Int { state.withLock { $0.waitingBytes } }

    /// - Returns: false when there is no room. One request always finds room, however large it is.
    private func enqueue(_ request: Request) -> Bool {
        let (isTaken, mustSchedule) = state.withLock { state in
            let total = state.waitingBytes + request.batch.record.count
            guard state.waiting.isEmpty || total <= maximumWaitingBytes else { return (false, false) }
            state.waiting.append(request)
            state.waitingBytes = total
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
                    state.waitingBytes = 0
                }
                return state.waiting
            }
            if requests.isEmpty { return }
            write(requests)
        }
    }

    private func write(_ requests: [Request]) {
        do throws(SpanStoreError) {
            try growing.add(requests.map(\.batch))
            for request in requests { request.done.resume() }
        } catch {
            for request in requests { request.done.resume(throwing: error) }
        }
        growing.sealWhenFull()
    }
}
