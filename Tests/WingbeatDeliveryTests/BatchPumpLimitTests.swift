// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import MetricsTestKit
import Testing
import WingbeatDelivery
import WingbeatMetrics

@Suite("What a pump does at its limits")
struct BatchPumpLimitTests {
    @Test("when its time has come everything goes out, not only full batches")
    func fullDrain() async {
        let subject = PumpUnderTest { $0.interval = .milliseconds(300) }
        await subject.run {
            subject.offer(1...9)
            await eventually("what is less than a batch goes out") { subject.books.exported == 9 }
            subject.offer(10...34)
            await eventually("the rest of the last batch, too") { subject.books.exported == 34 }
        }
        #expect(subject.sender.taken == Array(1...34))
    }

    @Test("the queue is bounded by bytes, and there is room again when they have gone")
    func bytes() async {
        let subject = PumpUnderTest { $0.queueByteCapacity = 1000 }
        for number in 1...5 { subject.pump.offer(number, size: 300) }
        #expect(subject.books == Books(recorded: 5, queueFull: 2, queued: 3))
        await subject.run {
            await eventually("what waits is exported") { subject.books.exported == 3 }
            subject.pump.offer(6, size: 900)
            await eventually("there is room again") { subject.books.exported == 4 }
        }
        #expect(subject.sender.taken == [1, 2, 3, 6])
    }

    @Test("an element that is larger than the queue finds room where nothing else is", arguments: [1001, Int.max])
    func giant(size: Int) async {
        let subject = PumpUnderTest { $0.queueByteCapacity = 1000 }
        subject.pump.offer(1, size: size)
        subject.pump.offer(2, size: 1)
        subject.pump.offer(3, size: -size)  // counts as none
        #expect(subject.books == Books(recorded: 3, queueFull: 2, queued: 1))
        await subject.run {}
        #expect(subject.sender.taken == [1])
    }

    @Test("a batch that the backend fails at for too long is given up, and the next one goes on")
    func expired() async {
        let subject = PumpUnderTest(FakeSender([.beBusy(), .beBusy()])) { $0.retryLimit = .zero }
        subject.offer(1...30)
        await subject.run {
            await eventually("all are settled") { subject.books == Books(recorded: 30, exported: 10, expired: 20) }
        }
        #expect(subject.sender.taken == Array(21...30))
        #expect(subject.troubles.sentences.contains("10 are given up and dropped: busy"))
    }

    @Test("within the limit a busy backend is asked again, however often")
    func busy() async {
        let subject = PumpUnderTest(FakeSender(Array(repeating: .beBusy(), count: 20)))
        subject.offer(1...10)
        await subject.run { await eventually("they are exported") { subject.books.exported == 10 } }
        #expect(subject.sender.attempts == 21)
    }

    @Test("a backend that cannot be reached costs nothing, however long, for it says nothing of the batch")
    func unreachable() async {
        let subject = PumpUnderTest(FakeSender(Array(repeating: .beAway, count: 20))) { $0.retryLimit = .zero }
        subject.offer(1...10)
        await subject.run { await eventually("they are exported") { subject.books.exported == 10 } }
        #expect(subject.books == Books(recorded: 10, exported: 10))
    }

    @Test("a batch that is too large is sent in halves, in order; one that cannot be halved is dropped")
    func tooLarge() async {
        let subject = PumpUnderTest(FakeSender(finally: .takeAtMost(3)))
        subject.offer(1...10)
        await subject.run { await eventually("they are exported") { subject.books.exported == 10 } }
        #expect(subject.sender.batches == [[1, 2], [3, 4, 5], [6, 7], [8, 9, 10]])
        let other = PumpUnderTest(FakeSender(finally: .takeAtMost(0)))
        other.offer(1...10)
        await other.run { await eventually("they are dropped") { other.books == Books(recorded: 10, rejected: 10) } }
        #expect(other.troubles.sentences == ["refused and dropped: too large"])
    }

    @Test("of a batch that is taken but for some elements these are dropped, and it is said once why")
    func partlyTaken() async {
        let subject = PumpUnderTest(
            FakeSender([.takeAllBut(3, "too old"), .takeAllBut(4, "too old"), .take, .takeAllBut(0, "deprecated")])
        )
        subject.offer(1...40)
        await subject.run {
            await eventually("all are settled") { subject.books == Books(recorded: 40, exported: 33, rejected: 7) }
        }
        #expect(subject.sender.attempts == 4, "nothing is sent again")
        #expect(subject.troubles.sentences == ["3 of 10 were refused and dropped: too old", "deprecated"])
    }

    @Test("a backend that rejects more than it was sent, or less than nothing, does not upset the books")
    func nonsense() async {
        let subject = PumpUnderTest(FakeSender([.takeAllBut(.max, "a"), .takeAllBut(.min, "b")]))
        subject.offer(1...20)
        await subject.run {
            await eventually("all are settled") { subject.books == Books(recorded: 20, exported: 10, rejected: 10) }
        }
    }

    @Test("two pumps with one name are one sum, also when one of them is gone with what waited in it")
    func sums() async {
        let registry = MetricRegistry()
        func pump() -> BatchPump<Int> {
            BatchPump(prefix: "test", factory: registry, sender: FakeSender(), encode: FakeSender.message)
        }
        let first = pump()
        do {
            let second = pump()
            first.offer(1)
            second.offer(2)
            second.offer(3)
            #expect(Books(registry, prefix: "test") == Books(recorded: 3, queued: 3))
        }
        #expect(Books(registry, prefix: "test") == Books(recorded: 3, shutdown: 2, queued: 1))
        #expect(
            Books(registry, prefix: "test") == Books(recorded: 3, shutdown: 2, queued: 1),
            "at the next reading too"
        )
        #expect(first.counts.recorded == 1)
    }

    @Test("another backend of swift-metrics is told, too")
    func otherFactory() async throws {
        let metrics = TestMetrics()
        let sender = FakeSender([.take, .reject])
        var configuration = DeliveryConfiguration()
        configuration.batchSize = 2
        let pump = BatchPump(
            configuration: configuration,
            prefix: "test",
            factory: metrics,
            sender: sender,
            encode: FakeSender.message
        )
        for number in 1...5 { pump.offer(number) }
        let running = Task { await pump.run() }
        running.cancel()
        await running.value
        #expect(try metrics.expectCounter("test.recorded").totalValue == 5)
        #expect(try metrics.expectCounter("test.exported").totalValue == 3)
        #expect(try metrics.expectCounter("test.dropped", [("reason", "rejected")]).totalValue == 2)
        #expect(try metrics.expectMeter("test.queued").lastValue == 0)
    }

    @Test("elements are given back when they are settled, whatever became of them")
    func release() async {
        let released = Troubles()
        let sender = FakeSender([.take, .reject])
        var configuration = DeliveryConfiguration()
        configuration.batchSize = 2
        let pump = BatchPump(
            configuration: configuration,
            prefix: "test",
            factory: MetricRegistry(),
            sender: sender,
            release: { numbers in released.add("\(numbers)") },
            encode: FakeSender.message
        )
        for number in 1...5 { pump.offer(number) }
        let running = Task { await pump.run() }
        running.cancel()
        await running.value
        #expect(released.sentences == ["[1, 2]", "[3, 4]", "[5]"])
    }
}
