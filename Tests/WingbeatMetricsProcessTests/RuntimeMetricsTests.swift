// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import WingbeatMetricsPrometheus

@testable import WingbeatMetricsProcess

@Suite("The runtime's numbers")
struct RuntimeMetricsTests {
    @Test("the version is the one that the compiler says")
    func version() throws {
        let family = try #require(RuntimeMetrics().read().first { $0.descriptor.name == "swift_info" })
        let labels = try #require(family.series.first).labels.labels
        let version = try #require(labels.first { $0.name == "version" }).value
        #expect(try output(of: "swift", "--version").contains("Swift version \(version)"))
        #expect(family.descriptor.kind == .info && family.series.first?.value == .gauge(1))
        #expect(labels.map(\.name) == ["arch", "configuration", "os", "version"])
        let machine = try output(of: "uname", "-sm").lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
        #expect(labels.first { $0.name == "os" }?.value == machine.first)
        let arch = machine.last == "aarch64" ? "arm64" : machine.last
        #expect(labels.first { $0.name == "arch" }?.value == arch)
    }

    @Test("no more tasks of a priority run at once than the pool is wide")
    func width() async {
        await #expect(processExitsWith: .success) {
            let width = try #require(RuntimeMetrics().value(of: "swift_cooperative_pool_width"))
            let gauge = PeakGauge()
            await withDiscardingTaskGroup { group in
                for _ in 0..<Int(width) * 4 {
                    group.addTask {
                        gauge.enter()
                        usleep(100_000)
                        gauge.leave()
                    }
                }
            }
            #expect(Double(gauge.peak) == width)
        }
    }

    @Test("a thread is what its name says, and all threads are counted")
    func threads() async {
        await #expect(processExitsWith: .success) {
            let source = RuntimeMetrics()
            func count(_ kind: ThreadKind) -> Double {
                source.value(of: "swift_threads", labels: ["kind": kind.rawValue]) ?? -1
            }
            let before = count(.eventLoop)
            let named = DispatchSemaphore(value: 0)
            let thread = Thread {
                try? Data("NIO-ELT-0-#7".utf8).write(to: URL(fileURLWithPath: "/proc/thread-self/comm"))
                named.signal()
                while true { sleep(1000) }
            }
            thread.start()
            named.wait()
            #expect(count(.eventLoop) == before + 1)
            await Task.detached { #expect(count(.dispatch) >= 1) }.value
            let all = try #require(ThreadKind.count()).values.reduce(0, +)
            let total = try #require(number(in: "/proc/self/status", after: "Threads:"))
            #expect(abs(Double(all) - total) <= 2)
        }
    }

    @Test(
        "names that SwiftNIO and libdispatch give, cut to 15 bytes",
        arguments: [
            ("NIO-ELT-0-#0", ThreadKind.eventLoop), ("NIO-SGLTN-1-#15", .eventLoop), ("TP-#3", .blockingPool),
            ("NIO-SGLTN-TP-#2", .blockingPool), ("oot.default-qos", .dispatch), ("ckground-qos", .dispatch),
            ("DispatchWorker", .dispatch), ("-qos.overcommit", .dispatchOvercommit), ("checkout", .other), ("", .other),
        ]
    )
    func names(_ name: String, _ kind: ThreadKind) {
        #expect(ThreadKind(threadName: name) == kind)
    }

    @Test("beyond the limit of names threads are counted as others, not lost")
    func limit() throws {
        let counts = try #require(ThreadKind.count(readingAtMost: 0))
        #expect(counts[.dispatch] == 0)
        #expect(try #require(counts[.other]) >= 1)
    }

    @Test("what a service is told on its page")
    func exposition() {
        let text = String(
            decoding: PrometheusTextEncoder().encode(.init(families: RuntimeMetrics().read())),
            as: UTF8.self
        )
        for sample in ThreadKind.allCases.map({ "swift_threads{kind=\"\($0.rawValue)\"} " }) + [
            "swift_info{arch=", "swift_cooperative_pool_width ", "swift_allocator_reserved_bytes ",
            "swift_allocator_allocated_bytes ", "swift_allocator_read_seconds ",
        ] {
            #expect(text.contains("\n" + sample))
        }
    }
}

/// How many were inside at once, at most.
private final class PeakGauge: Sendable {
    private let state = NSLock()
    private nonisolated(unsafe) var inside = 0
    private nonisolated(unsafe) var highest = 0

    var peak: Int { state.withLock { highest } }

    func enter() {
        state.withLock {
            inside += 1
            highest = max(highest, inside)
        }
    }

    func leave() { state.withLock { inside -= 1 } }
}
