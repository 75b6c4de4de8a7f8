// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatDelivery

@Suite("The bounded queue")
struct BoundedQueueTests {
    @Test("an empty queue gives nothing")
    func empty() {
        let queue = BoundedQueue<Int>(capacity: 3)
        #expect(queue.count == 0)
        #expect(queue.take(atMost: 5).isEmpty)
        #expect(queue.take(atMost: .max).isEmpty)
        #expect(queue.take(atMost: 0).isEmpty)
    }

    @Test("the oldest come out first, as many as are asked for")
    func order() {
        let queue = BoundedQueue<Int>(capacity: 5)
        #expect((1...5).map { queue.offer($0) } == [1, 2, 3, 4, 5])
        #expect(queue.take(atMost: 2) == [1, 2])
        #expect(queue.offer(6) == 4)
        #expect(queue.take(atMost: 1) == [3])
        #expect(queue.take(atMost: .max) == [4, 5, 6])
        #expect(queue.count == 0)
    }

    @Test("a full queue refuses what is new, and keeps what it has")
    func full() {
        let queue = BoundedQueue<Int>(capacity: 2)
        #expect((1...4).map { queue.offer($0) } == [1, 2, nil, nil])
        #expect(queue.count == 2)
        #expect(queue.take(atMost: 9) == [1, 2])
    }

    @Test("there is always room for one", arguments: [1, 0, -1, Int.min])
    func smallest(capacity: Int) {
        let queue = BoundedQueue<Int>(capacity: capacity)
        #expect(queue.capacity == 1)
        #expect(queue.offer(1) == 1)
        #expect(queue.offer(2) == nil)
    }

    @Test("eight tasks lose nothing and get nothing twice")
    func concurrent() async {
        let queue = BoundedQueue<Int>(capacity: 100_000)
        let taken = await withTaskGroup(of: [Int].self) { group in
            for task in 0..<8 {
                group.addTask {
                    var mine: [Int] = []
                    for step in 0..<1000 {
                        _ = queue.offer(task * 1000 + step)
                        mine += queue.take(atMost: 1)
                    }
                    return mine
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect((taken + queue.take(atMost: .max)).sorted() == Array(0..<8000))
    }
}

@Suite("The pauses between attempts")
struct BackoffTests {
    @Test("each pause lies between a half and the whole of the doubled time")
    func doubles() {
        let backoff = Backoff(initial: .milliseconds(100), maximum: .seconds(60))
        for failures in 1...9 {
            let whole = Duration.milliseconds(100 << (failures - 1))
            for _ in 0..<100 {
                let delay = backoff.delay(afterFailures: failures)
                #expect(delay >= whole / 2 && delay <= whole, "\(delay) after \(failures) failures")
            }
        }
    }

    @Test("pauses differ, so that many senders do not come back at once")
    func random() {
        #expect(Set((0..<100).map { _ in Backoff().delay(afterFailures: 3) }).count > 50)
    }

    @Test("no pause is longer than the maximum, however many failures there were", arguments: [10, 31, 100, Int.max])
    func maximum(failures: Int) {
        let backoff = Backoff(initial: .milliseconds(250), maximum: .seconds(30))
        for _ in 0..<100 {
            let delay = backoff.delay(afterFailures: failures)
            #expect(delay >= .seconds(15) && delay <= .seconds(30))
        }
    }

    @Test("less than one failure counts as one", arguments: [0, -1, Int.min])
    func tooFew(failures: Int) {
        let delay = Backoff(initial: .seconds(1)).delay(afterFailures: failures)
        #expect(delay >= .milliseconds(500) && delay <= .seconds(1))
    }
}
