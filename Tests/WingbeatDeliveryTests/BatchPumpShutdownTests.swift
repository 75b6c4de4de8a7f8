// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing
import WingbeatDelivery

@Suite("The end of a pump: what waits is sent, within a time, and what is left is counted")
struct BatchPumpShutdownTests {
    /// Runs the pump in a service that shuts down when the body is over.
    private func runUntilShutdown(_ subject: PumpUnderTest, _ body: () async -> Void = {}) async {
        await testGracefulShutdown { trigger in
            let running = Task { await subject.pump.run() }
            await body()
            trigger.triggerGracefulShutdown()
            await running.value
        }
    }

    @Test("a service with nothing to do keeps running until the shutdown")
    func empty() async {
        let subject = PumpUnderTest()
        await runUntilShutdown(subject) {
            await Task.yield()
            #expect(subject.sender.closes == 0)
        }
        #expect(subject.sender.closes == 1)
        #expect(subject.books == Books())
    }

    @Test("on graceful shutdown what waits is sent, in order, without waiting for the interval")
    func graceful() async {
        let subject = PumpUnderTest { $0.interval = .seconds(86_400) }
        await runUntilShutdown(subject) { subject.offer(1...35) }
        #expect(subject.sender.taken == Array(1...35))
        #expect(subject.sender.closes == 1)
        #expect(subject.books == Books(recorded: 35, exported: 35))
    }

    @Test("on plain cancellation too")
    func cancellation() async {
        let subject = PumpUnderTest { $0.interval = .seconds(86_400) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await subject.pump.run() }
            subject.offer(1...35)
            group.cancelAll()
        }
        #expect(subject.sender.taken == Array(1...35))
        #expect(subject.sender.closes == 1)
        #expect(subject.books == Books(recorded: 35, exported: 35))
    }

    @Test("a batch that is under way may arrive, once, before the others")
    func underWay() async {
        let subject = PumpUnderTest(FakeSender([.takeLater]))
        subject.offer(1...25)
        await testGracefulShutdown { trigger in
            let running = Task { await subject.pump.run() }
            await eventually("the first batch is under way") { subject.sender.attempts == 1 }
            trigger.triggerGracefulShutdown()
            subject.sender.release()
            await running.value
        }
        #expect(subject.sender.taken == Array(1...25))
        #expect(subject.sender.attempts == 3)
        #expect(subject.books == Books(recorded: 25, exported: 25))
    }

    @Test("a backend that hangs ends the flush when its time is over; what is left is counted")
    func hanging() async {
        let subject = PumpUnderTest(FakeSender(finally: .hang)) { $0.flushTimeout = .milliseconds(30) }
        subject.offer(1...25)
        await runUntilShutdown(subject) {
            await eventually("the first batch is under way") { subject.sender.attempts == 1 }
        }
        #expect(subject.sender.taken.isEmpty)
        #expect(subject.sender.closes == 1)
        #expect(subject.books == Books(recorded: 25, shutdown: 25))
    }

    @Test("a backend that is away ends the flush at once; what is left is counted")
    func away() async {
        let subject = PumpUnderTest(FakeSender([.take], finally: .beAway)) { $0.interval = .seconds(86_400) }
        subject.offer(1...9)
        await runUntilShutdown(subject)
        #expect(subject.books == Books(recorded: 9, exported: 9))
        let second = PumpUnderTest(FakeSender([.take], finally: .beAway)) { $0.interval = .seconds(86_400) }
        second.offer(1...10)
        await runUntilShutdown(second) {
            await eventually("the full batch is exported") { second.books.exported == 10 }
            second.offer(11...19)
        }
        #expect(second.sender.attempts == 2)
        #expect(second.books == Books(recorded: 19, exported: 10, shutdown: 9))
    }

    @Test("a batch that is rejected in the flush does not stop the others")
    func rejectedInFlush() async {
        let subject = PumpUnderTest(FakeSender([.reject])) { $0.interval = .seconds(86_400) }
        await runUntilShutdown(subject) { subject.offer(1...9) }
        #expect(subject.books == Books(recorded: 9, rejected: 9))
        let second = PumpUnderTest(FakeSender([.beBusy(.seconds(86_400)), .reject]))
        second.offer(1...25)
        await runUntilShutdown(second) {
            await eventually("the first batch was tried") { second.sender.attempts == 1 }
        }
        #expect(second.sender.taken == Array(11...25))
        #expect(second.books == Books(recorded: 25, exported: 15, rejected: 10))
    }

    @Test("a backend that wants to be left alone for ages does not keep the service from ending")
    func endlessRetryAfter() async {
        let subject = PumpUnderTest(FakeSender([.beBusy(.seconds(Int64.max))]))
        subject.offer(1...5)
        await runUntilShutdown(subject) {
            await eventually("the backend was asked") { subject.sender.attempts == 1 }
        }
        #expect(subject.books == Books(recorded: 5, exported: 5))
    }

    @Test("what is offered after the end waits, and is in the books")
    func afterTheEnd() async {
        let subject = PumpUnderTest()
        await runUntilShutdown(subject)
        subject.offer(1...3)
        #expect(subject.books == Books(recorded: 3, queued: 3))
        #expect(subject.sender.attempts == 0)
    }
}
