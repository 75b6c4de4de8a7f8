// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycleTestKit
import Testing
import WingbeatDelivery

@Suite("Every element is accounted for: recorded = exported + dropped + queued")
struct BatchPumpTests {
    @Test("a pump that was given nothing sends nothing, closes its sender and has empty books")
    func empty() async {
        let subject = PumpUnderTest()
        #expect(subject.books == Books())
        await subject.run {}
        #expect(subject.sender.attempts == 0)
        #expect(subject.sender.closes == 1)
        #expect(subject.books == Books())
    }

    @Test("before it runs, elements wait")
    func waiting() {
        let subject = PumpUnderTest()
        subject.offer(1...3)
        #expect(subject.books == Books(recorded: 3, queued: 3))
    }

    @Test("what is offered is exported, in order, in batches of at most the size")
    func success() async {
        let subject = PumpUnderTest()
        await subject.run {
            subject.offer(1...1000)
            await eventually("all are exported") { subject.books == Books(recorded: 1000, exported: 1000) }
        }
        #expect(subject.sender.taken == Array(1...1000))
        #expect(subject.sender.batches.allSatisfy { (1...10).contains($0.count) })
        #expect(subject.books == Books(recorded: 1000, exported: 1000))
    }

    @Test("a full batch does not wait for its time, and the next full one follows at once")
    func fullBatch() async {
        let subject = PumpUnderTest { $0.interval = .seconds(86_400) }
        subject.offer(1...25)
        await subject.run {
            await eventually("two batches are exported") {
                subject.books == Books(recorded: 25, exported: 20, queued: 5)
            }
            subject.offer(26...30)
            await eventually("the third is full now") { subject.books == Books(recorded: 30, exported: 30) }
        }
        #expect(subject.sender.batches == [Array(1...10), Array(11...20), Array(21...30)])
    }

    @Test("a batch that is not full goes out when its time has come")
    func interval() async {
        let subject = PumpUnderTest()
        await subject.run {
            subject.offer([1])
            await eventually("it is exported") { subject.books == Books(recorded: 1, exported: 1) }
            subject.offer([2])
            await eventually("the next one too") { subject.books == Books(recorded: 2, exported: 2) }
        }
    }

    @Test("a rejected batch is dropped and counted; the next one goes on")
    func rejection() async {
        let subject = PumpUnderTest(FakeSender([.take, .reject]))
        subject.offer(1...30)
        await subject.run {
            await eventually("all are settled") { subject.books == Books(recorded: 30, exported: 20, rejected: 10) }
        }
        #expect(subject.sender.taken == Array(1...10) + Array(21...30))
        #expect(subject.sender.attempts == 3)
    }

    @Test("while the backend is away nothing is lost, and the order is kept")
    func temporaryFailure() async {
        let subject = PumpUnderTest(FakeSender([.beAway, .beAway, .take, .beBusy(.milliseconds(3)), .beAway]))
        subject.offer(1...20)
        await subject.run {
            await eventually("all are exported") { subject.books == Books(recorded: 20, exported: 20) }
        }
        #expect(subject.sender.taken == Array(1...20))
        #expect(subject.sender.attempts == 6)
    }

    @Test("when the queue is full the newest are dropped and counted")
    func overflow() async {
        let subject = PumpUnderTest { $0.queueCapacity = 15 }
        subject.offer(1...40)
        #expect(subject.books == Books(recorded: 40, queueFull: 25, queued: 15))
        await subject.run {
            await eventually("what waits is exported") { subject.books.exported == 15 }
            subject.offer([41])
            await eventually("there is room again") { subject.books.exported == 16 }
        }
        #expect(subject.sender.taken == Array(1...15) + [41])
        #expect(subject.books == Books(recorded: 41, exported: 16, queueFull: 25))
    }

    @Test("the batch under way counts as queued")
    func underWay() async {
        let subject = PumpUnderTest(FakeSender([.takeLater])) { $0.queueCapacity = 20 }
        await subject.run {
            subject.offer(1...10)
            await eventually("the first batch is under way") { subject.sender.attempts == 1 }
            subject.offer(11...35)
            #expect(subject.books == Books(recorded: 35, queueFull: 5, queued: 30))
            subject.sender.release()
        }
        #expect(subject.sender.taken == Array(1...30))
        #expect(subject.books == Books(recorded: 35, exported: 30, queueFull: 5))
    }

    @Test("eight tasks may offer at once; the books are balanced whatever the backend does")
    func concurrent() async {
        let subject = PumpUnderTest(FakeSender([.beAway, .reject, .take, .beAway, .reject])) { $0.queueCapacity = 500 }
        await subject.run {
            await withTaskGroup(of: Void.self) { group in
                for task in 0..<8 {
                    group.addTask {
                        for step in 0..<1000 {
                            subject.pump.offer(task * 1000 + step)
                            if step % 50 == 0 { await Task.yield() }
                        }
                    }
                }
            }
            await eventually("all are settled") { subject.books.queued == 0 }
        }
        let books = subject.books
        #expect(books.recorded == 8000)
        #expect(books.rejected > 0)
        #expect(books.isBalanced, "\(books)")
        #expect(subject.sender.taken.count == books.exported)
        #expect(Set(subject.sender.taken).count == books.exported, "nothing is sent twice")
    }

    @Test("a batch size below one counts as one")
    func smallestBatch() async {
        let subject = PumpUnderTest { $0.batchSize = 0 }
        subject.offer(1...3)
        await subject.run {}
        #expect(subject.sender.batches == [[1], [2], [3]])
        #expect(subject.books == Books(recorded: 3, exported: 3))
    }
}
