// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing
import WingbeatModel

@testable import WingbeatTraces

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite("New ids")
struct NewIDTests {
    @Test("a million ids are a million different ones")
    func unique() {
        var spans: Set<SpanID> = []
        spans.reserveCapacity(1_000_000)
        for _ in 0..<1_000_000 { spans.insert(NewIDs.span()) }
        #expect(spans.count == 1_000_000)
    }

    @Test("trace ids are different and fill 128 bits")
    func traceIDs() {
        let ids = (0..<10_000).map { _ in NewIDs.root().0 }
        #expect(Set(ids).count == 10_000)
        #expect(Set(ids.map(\.high)).count == 10_000)
        #expect(Set(ids.map(\.low)).count == 10_000)
        for bit in 0..<64 {
            #expect((4500...5500).contains(ids.count { $0.high >> UInt64(bit) & 1 == 1 }))
            #expect((4500...5500).contains(ids.count { $0.low >> UInt64(bit) & 1 == 1 }))
        }
    }

    @Test("eight threads never get the same id")
    func threads() {
        let all = Mutex<Set<SpanID>>([])
        onThreads(8) { _ in
            let ids = (0..<10_000).map { _ in NewIDs.span() }
            all.withLock { $0.formUnion(ids) }
        }
        #expect(all.withLock { $0.count } == 80_000)
    }

    @Test("a process and its copy go on with ids of their own")
    func fork() async {
        await #expect(processExitsWith: .success) {
            _ = NewIDs.span()
            var ends: [CInt] = [0, 0]
            guard pipe(&ends) == 0 else { exit(1) }
            let child = Self.copyOfProcess()
            var id = NewIDs.span().value
            if child == 0 {
                _ = write(ends[1], &id, 8)
                _exit(0)
            }
            var other: UInt64 = 0
            guard read(ends[0], &other, 8) == 8, other != 0, other != id else { exit(1) }
            exit(0)
        }
    }

    /// `fork`, which Swift does not import.
    private static func copyOfProcess() -> pid_t {
        typealias Fork = @convention(c) () -> pid_t
        return unsafeBitCast(dlsym(nil, "fork"), to: Fork.self)()
    }
}
