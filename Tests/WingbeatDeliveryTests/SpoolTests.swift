// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import WingbeatDelivery
import WingbeatMetrics

@Suite("A spool keeps on disk what a backend that is away cannot take")
final class SpoolTests {
    private let folder = NSTemporaryDirectory() + "wingbeat-spool-\(UUID().uuidString)"

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private var files: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".spool") }
            .sorted()
    }

    private func subject(
        _ sender: FakeSender,
        capacity: Int = 1 << 20,
        isSynced: Bool = false,
        _ adjust: (inout DeliveryConfiguration) -> Void = { _ in }
    ) -> PumpUnderTest {
        let spool = DiskSpool(directory: folder, capacity: capacity, isSynced: isSynced)
        return PumpUnderTest(sender, spool: spool, adjust)
    }

    @Test(
        "what cannot be sent is on disk, and goes out in its order when the backend is back",
        arguments: [false, true]
    )
    func outage(isSynced: Bool) async {
        let sender = FakeSender(finally: .beAway)
        let subject = subject(sender, isSynced: isSynced) { $0.queueCapacity = 20 }
        await subject.run {
            for start in stride(from: 1, to: 1000, by: 20) {
                subject.offer(start..<(start + 20))
                await eventually("they are in the spool") { subject.pump.counts.underWay == start + 19 }
            }
            #expect(subject.books == Books(recorded: 1000, queued: 1000))
            sender.answer(.take)
            await eventually("all are exported") { subject.books.exported == 1000 }
        }
        #expect(sender.taken == Array(1...1000))
        #expect(subject.books == Books(recorded: 1000, exported: 1000))
        #expect(files.isEmpty)
        #expect(
            subject.troubles.sentences == [
                "cannot be delivered, and wait until they can be: away", "the backend takes them again",
            ]
        )
    }

    @Test("what is left at the end is found by the next process, and nothing is dropped")
    func restart() async {
        let first = subject(FakeSender(finally: .beAway)) { $0.interval = .seconds(86_400) }
        await first.run { first.offer(1...35) }
        #expect(first.books == Books(recorded: 35, queued: 35))
        #expect(files.count == 1)

        let second = subject(FakeSender(finally: .beAway))
        await second.run {
            second.offer(36...40)
            await eventually("the next five are behind them") { second.pump.counts.underWay == 40 }
        }
        #expect(second.books.queued == 40)

        let third = subject(FakeSender())
        await third.run { await eventually("all are exported") { third.books.exported == 40 } }
        #expect(third.sender.taken == Array(1...40))
        #expect(third.pump.counts.recovered == 40)
        #expect(third.registry.snapshot()["test.recovered"] == .counter(40))
        #expect(third.books.queued == 0)
        #expect(files.isEmpty)
    }

    @Test("what was sent before a restart is not sent again")
    func half() async {
        let first = subject(FakeSender([.beAway, .take, .take], finally: .beAway)) { $0.interval = .milliseconds(5) }
        await first.run {
            first.offer(1...50)
            await eventually("some are exported") { first.books.exported == 20 }
        }
        #expect(first.books.queued == 30)
        let second = subject(FakeSender())
        await second.run { await eventually("the others are, too") { second.books.exported == 30 } }
        #expect(first.sender.taken + second.sender.taken == Array(1...50))
    }

    @Test("an end that is torn off is skipped and counted, wherever it is torn")
    func torn() async throws {
        let first = subject(FakeSender(finally: .beAway)) { $0.interval = .seconds(86_400) }
        await first.run { first.offer(1...20) }
        let path = folder + "/" + (try #require(files.first))
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        let entries = (whole.count - 17 - 2 * 16)  // two messages behind the first line and their headers
        let firstEnd = 17 + 16 + FakeSender.message(Array(1...10)).count
        #expect(entries == FakeSender.message(Array(1...10)).count + FakeSender.message(Array(11...20)).count)
        for length in firstEnd + 1..<whole.count {
            try FileManager.default.removeItem(atPath: folder)
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try whole.prefix(length).write(to: URL(fileURLWithPath: path))
            let next = subject(FakeSender())
            await next.run { await eventually("the first message is sent") { next.books.exported == 10 } }
            #expect(next.sender.taken == Array(1...10), "torn at \(length)")
            #expect(next.pump.counts.damages == 1)
            #expect(next.troubles.sentences.contains { $0.contains("damaged in 1 places") })
        }
    }

    @Test("no byte that is wrong makes a wrong message; at most what the byte belongs to is lost")
    func damaged() async throws {
        let first = subject(FakeSender(finally: .beAway)) { $0.interval = .seconds(86_400) }
        await first.run { first.offer(1...20) }
        let path = folder + "/" + (try #require(files.first))
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        let messages = [Array(1...10), Array(11...20)]
        for index in whole.indices {
            try FileManager.default.removeItem(atPath: folder)
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            var bytes = whole
            bytes[index] ^= 0x80
            try bytes.write(to: URL(fileURLWithPath: path))
            let next = subject(FakeSender())
            await next.run {
                await eventually("the spool was opened") { next.pump.counts.recovered + next.pump.counts.damages > 0 }
            }
            #expect(next.sender.batches.allSatisfy(messages.contains), "byte \(index)")
            #expect(next.books.isBalancedWith(recovered: next.pump.counts.recovered))
        }
    }

    @Test("a spool that is full leaves spans in memory, where they are dropped and counted when there is no room")
    func full() async {
        let sender = FakeSender(finally: .beAway)
        let subject = subject(sender, capacity: 400) { $0.queueCapacity = 20 }
        await subject.run {
            for start in stride(from: 1, to: 400, by: 10) {
                subject.offer(start..<(start + 10))
                try? await Task.sleep(for: .milliseconds(3))
            }
            await eventually("it is told") { subject.troubles.sentences.contains { $0.contains("is full") } }
            #expect(subject.books.queueFull > 0)
            #expect(subject.books.isBalanced)
            sender.answer(.take)
            await eventually("what was kept is exported") { subject.books.queued == 0 }
        }
        #expect(subject.books.exported == 400 - subject.books.queueFull)
        #expect(sender.taken == sender.taken.sorted())
    }

    @Test("a folder that cannot be made is told, and delivery goes on without a spool")
    func noFolder() async {
        let spool = DiskSpool(directory: "/dev/null/spool")
        let subject = PumpUnderTest(FakeSender([.beAway]), spool: spool)
        subject.offer(1...10)
        await subject.run { await eventually("they are exported") { subject.books.exported == 10 } }
        #expect(subject.troubles.sentences.first?.hasPrefix("the spool cannot be used: cannot make the folder") == true)
    }

    @Test("two pumps do not share a folder: the second goes on without it")
    func locked() async {
        let first = subject(FakeSender(finally: .beAway))
        await first.run {
            first.offer(1...10)
            await eventually("they are in the spool") { first.pump.counts.underWay == 10 }
            let second = subject(FakeSender())
            second.offer(11...20)
            await second.run { await eventually("they are exported") { second.books.exported == 10 } }
            #expect(second.sender.taken == Array(11...20))
            #expect(second.troubles.sentences == ["the spool cannot be used: another process uses \(folder)"])
        }
    }
}

extension Books {
    fileprivate func isBalancedWith(recovered: Int) -> Bool {
        recorded + recovered == exported + queueFull + rejected + expired + shutdown + queued
    }
}
