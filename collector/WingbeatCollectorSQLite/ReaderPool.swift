// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization
import WingbeatCollector

/// A few connections for queries, each on a queue of its own, taken in turn.
final class ReaderPool: Sendable {
    private struct Seat: Sendable {
        let queue: DispatchQueue
        let reader: SpanReader
    }

    private let seats: [Seat]
    private let next = Atomic<Int>(0)
    private let timeout: Duration

    init(path: String, count: Int, timeout: Duration) throws(SpanStoreError) {
        var seats: [Seat] = []
        for position in 0..<max(count, 1) {
            let queue = DispatchQueue(label: "wingbeat.span-reader-\(position)")
            seats.append(Seat(queue: queue, reader: SpanReader(try Connection(path: path))))
        }
        self.seats = seats
        self.timeout = timeout
    }

    /// Runs a query off the caller's thread; the time that it waits for its turn counts.
    func read<Result: Sendable>(_ query: @escaping @Sendable (SpanReader) throws -> Result) async throws -> Result {
        let deadline = ContinuousClock.now + timeout
        let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
        let seat = seats[Int(UInt(bitPattern: turn) % UInt(seats.count))]
        return try await withCheckedThrowingContinuation { done in
            seat.queue.async {
                done.resume(with: Swift.Result { try seat.reader.run(until: deadline) { try query(seat.reader) } })
            }
        }
    }
}
