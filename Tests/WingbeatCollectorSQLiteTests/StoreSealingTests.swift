// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector
import WingbeatModel

@testable import WingbeatCollectorSQLite

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite("A store seals what is in memory", .timeLimit(.minutes(3)))
struct StoreSealingTests {
    @Test("while it is written and searched, every trace is found whole, once, at every moment")
    func beside() async throws {
        let subject = try StoreUnderTest { $0.headLimits.spans = 40 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 as Range<UInt64> {
                group.addTask {
                    for number in 1...100 as ClosedRange<UInt64> {
                        let trace = newTrace(writer * 1000 + number, start: Int64(writer * 1000 + number))
                        try await subject.store.accept(trace)
                        #expect(try await subject.store.trace(trace[0].traceID) == trace)
                    }
                }
            }
            group.addTask {
                for _ in 0..<50 {
                    let traces = try await subject.search(service: "backend", limit: 1000)
                    #expect(traces.allSatisfy { $0.count == 4 })
                    #expect(Set(traces.map { $0[0].traceID }).count == traces.count)
                }
            }
            try await group.waitForAll()
        }
        await subject.store.close()
        #expect(try await subject.search(limit: 1000).count == 400)
        #expect(try await subject.store.status().spans == 1600)
        #expect(subject.folder.files(in: "journal") == [])
    }

    @Test("fragments in memory and in several files are one trace, in the order in which they came")
    func fragments() async throws {
        let clock = HandWoundClock(hour: 475_000)
        let subject = try StoreUnderTest { $0.clock = clock.clock }
        for span in newTrace() {
            try await subject.store.accept([span, newTrace()[0]])
            await subject.store.close()
            clock.wind(hours: 1)
        }
        let late = span(9, parent: 1, start: 5)
        try await subject.store.accept([late])
        #expect(subject.folder.files(in: "spans", endingIn: ".sqlite").count == 4)
        #expect(try await subject.search(service: "backend", annotations: "error") == [newTrace() + [late]])
        #expect(try await subject.store.trace(late.traceID) == newTrace() + [late])
    }

    @Test("when the hour is over, and the file of that hour has no log any more")
    func hourIsOver() async throws {
        let clock = HandWoundClock(hour: 475_000)
        let subject = try StoreUnderTest { $0.clock = clock.clock }
        try await subject.store.accept(newTrace(1))
        clock.wind(hours: 1)
        try await subject.store.accept(newTrace(2, start: 1))
        await subject.store.tidy()
        #expect(subject.folder.files(in: "spans", endingIn: ".sqlite") == ["2024-03-09T16-0001.sqlite"])
        #expect(try await subject.found() == [2, 1])
        await subject.store.close()
        #expect(
            subject.folder.files(in: "spans", endingIn: ".sqlite")
                == ["2024-03-09T16-0001.sqlite", "2024-03-09T17-0001.sqlite"]
        )
        for name in subject.folder.files(in: "spans", endingIn: "-wal") {
            #expect(fileSize(subject.folder.path + "/spans/" + name) == 0)
        }
        #expect(try await subject.found() == [2, 1])
    }

    @Test("a trace larger than a block, and a post larger than a head, come back whole")
    func large() async throws {
        let subject = try StoreUnderTest()
        let spans = (1...20_000 as ClosedRange<UInt64>).map { span($0, parent: $0 == 1 ? nil : 1, start: Int64($0)) }
        try await subject.store.accept(spans + newTrace(2, start: -5))
        await subject.store.close()
        #expect(try await subject.store.trace(spans[0].traceID) == spans)
        #expect(try await subject.found() == [1, 2])
    }

    @Test("a search ends with the trace that makes the answer as large as it may be")
    func bounded() async throws {
        let subject = try StoreUnderTest { $0.options.maximumAnswerSpans = 9 }
        for number in 1...10 as ClosedRange<UInt64> {
            try await subject.store.accept(newTrace(number, start: Int64(number)))
            if number == 5 { await subject.store.close() }
        }
        #expect(try await subject.found() == [10, 9, 8])
        await subject.store.close()
        #expect(try await subject.found(service: "backend") == [10, 9, 8])
    }

    @Test("only what the hook keeps is sealed")
    func keeping() async throws {
        let subject = try StoreUnderTest { configuration in
            configuration.keep = { $0[0].traceID.low % 2 == 0 ? [$0[0]] : nil }
        }
        for number in 1...4 as ClosedRange<UInt64> { try await subject.store.accept(newTrace(number)) }
        #expect(try await subject.store.status().spans == 16)
        await subject.store.close()
        #expect(Set(try await subject.found()) == [2, 4])
        #expect(try await subject.store.trace(newTrace(4)[0].traceID) == [newTrace(4)[0]])
        #expect(try await subject.store.status().spans == 2)
    }

    @Test("when a file cannot be written the spans stay in memory, it is said once, and tried again")
    func failing() async throws {
        let notices = Notices()
        let subject = try StoreUnderTest {
            $0.headLimits.spans = 4
            $0.notice = notices.take
        }
        let folder = subject.folder.path + "/spans"
        #expect(rename(folder, folder + ".away") == 0)
        try await subject.store.accept(newTrace(1))
        while notices.all.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        #expect(try await subject.search() == [newTrace(1)])
        await #expect(throws: SpanStoreError.self) { try await subject.store.check() }
        await subject.store.close()
        #expect(notices.all.count == 1)
        #expect(notices.all[0].hasPrefix("spans stay in memory and in the journal, because they cannot be sealed: "))
        #expect(rename(folder + ".away", folder) == 0)
        await subject.store.close()
        #expect(notices.all.last == "spans can be sealed again")
        try await subject.store.check()
        #expect(try await subject.search() == [newTrace(1)])
        #expect(subject.folder.files(in: "journal") == [])
    }
}
