// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import WingbeatMetricsPrometheus

@testable import WingbeatMetricsProcess

@Suite("The process' own numbers")
struct ProcessMetricsTests {
    @Test("names, kinds and help texts are those of Prometheus' clients")
    func exposition() {
        let text = String(
            decoding: PrometheusTextEncoder().encode(.init(families: ProcessMetrics().read())),
            as: UTF8.self
        )
        let comments = text.split(separator: "\n").filter { $0.hasPrefix("#") }.joined(separator: "\n")
        #expect(
            comments == """
                # HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.
                # TYPE process_cpu_seconds_total counter
                # HELP process_open_fds Number of open file descriptors.
                # TYPE process_open_fds gauge
                # HELP process_max_fds Maximum number of open file descriptors.
                # TYPE process_max_fds gauge
                # HELP process_virtual_memory_bytes Virtual memory size in bytes.
                # TYPE process_virtual_memory_bytes gauge
                # HELP process_virtual_memory_max_bytes Maximum amount of virtual memory available in bytes.
                # TYPE process_virtual_memory_max_bytes gauge
                # HELP process_resident_memory_bytes Resident memory size in bytes.
                # TYPE process_resident_memory_bytes gauge
                # HELP process_start_time_seconds Start time of the process since unix epoch in seconds.
                # TYPE process_start_time_seconds gauge
                # HELP process_threads Number of OS threads in the process.
                # TYPE process_threads gauge
                """
        )
    }

    @Test("ps says the same of memory, threads and start")
    func besidesPS() async {
        await #expect(processExitsWith: .success) {
            let source = ProcessMetrics()
            let pid = "\(ProcessInfo.processInfo.processIdentifier)"
            let earlier = try #require(Reading(source))
            let printed = try output(of: "ps", "-o", "rss=,vsz=,nlwp=,etimes=", "-p", pid)
            let later = try #require(Reading(source))
            let ps = printed.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
            try #require(ps.count == 4)
            func isBetween(_ value: Double, _ number: (Reading) -> Double, slack: Double) -> Bool {
                let (low, high) = (min(number(earlier), number(later)), max(number(earlier), number(later)))
                return value >= low - slack && value <= high + slack
            }
            #expect(isBetween(ps[0] * 1024, \.resident, slack: 0x4p20))
            #expect(isBetween(ps[1] * 1024, \.virtual, slack: 0x100p20))
            #expect(isBetween(ps[2], \.threads, slack: 1))
            #expect(isBetween(ps[3], \.age, slack: 2))
        }
    }

    @Test("memory that is touched is resident")
    func residentMemory() throws {
        let source = ProcessMetrics()
        let before = try #require(source.value(of: "process_resident_memory_bytes"))
        let bytes = [UInt8](repeating: 1, count: 128 << 20)
        let after = try #require(source.value(of: "process_resident_memory_bytes"))
        withExtendedLifetime(bytes) { #expect(after - before > 0x64p20) }
    }

    @Test("ten more open files are ten more descriptors, and the limit is the soft one")
    func fileDescriptors() async {
        await #expect(processExitsWith: .success) {
            let source = ProcessMetrics()
            let before = try #require(source.value(of: "process_open_fds"))
            let files = (0..<10).map { _ in open("/dev/null", O_RDONLY) }
            #expect(source.value(of: "process_open_fds") == before + 10)
            #expect(countDescriptors() == before + 10)
            for file in files { close(file) }
            #expect(source.value(of: "process_open_fds") == before)

            var limit = rlimit(rlim_cur: 321, rlim_max: 654)
            #expect(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
            #expect(source.value(of: "process_max_fds") == 321)
            #expect(number(in: "/proc/self/limits", after: "Max open files") == 321)
        }
    }

    @Test("address space without a limit is 2^64 - 1, as other clients say it")
    func addressSpace() async {
        await #expect(processExitsWith: .success) {
            let source = ProcessMetrics()
            #expect(source.value(of: "process_virtual_memory_max_bytes") == 0x1p64)
            var limit = rlimit(rlim_cur: 1 << 46, rlim_max: 1 << 46)
            #expect(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
            #expect(source.value(of: "process_virtual_memory_max_bytes") == 0x1p46)
        }
    }

    @Test("computing costs processor time, and waiting does not")
    func processorTime() async {
        await #expect(processExitsWith: .success) {
            let source = ProcessMetrics()
            let before = try #require(source.value(of: "process_cpu_seconds"))
            let end = clock() + 300_000  // microseconds of the processor
            while clock() < end {}
            let busy = try #require(source.value(of: "process_cpu_seconds"))
            #expect(busy - before >= 0.3 && busy - before < 0.6)
            usleep(300_000)
            let idle = try #require(source.value(of: "process_cpu_seconds"))
            #expect(idle - busy < 0.1)
        }
    }

    @Test("the start stays what it was, to the last digit")
    func startTime() throws {
        let source = ProcessMetrics()
        let first = try #require(source.value(of: "process_start_time_seconds"))
        usleep(20_000)
        #expect(source.value(of: "process_start_time_seconds") == first)
    }
}

/// What ps can say too.
private struct Reading {
    let resident: Double
    let virtual: Double
    let threads: Double
    let age: Double

    init?(_ source: ProcessMetrics) {
        guard let resident = source.value(of: "process_resident_memory_bytes"),
            let virtual = source.value(of: "process_virtual_memory_bytes"),
            let threads = source.value(of: "process_threads"),
            let start = source.value(of: "process_start_time_seconds")
        else { return nil }
        self.resident = resident
        self.virtual = virtual
        self.threads = threads
        age = Date().timeIntervalSince1970 - start
    }
}
