// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ServiceLifecycle
import ServiceLifecycleTestKit
import Synchronization
import Testing
import WingbeatMetrics
import WingbeatMetricsProcess

@Suite("The delay of tasks")
struct RuntimeProbeTests {
    @Test("each sample is how much later than it wished the task wakes")
    func samples() async throws {
        let registry = MetricRegistry()
        let clock = LateClock(delays: [.milliseconds(2), .milliseconds(30), .zero])
        await RuntimeProbe(registry: registry, interval: .milliseconds(100), clock: clock).run()
        let histogram = try #require(registry.delays)
        #expect(histogram.count == 3)
        #expect(abs(histogram.sum - 0.032) < 1e-9)
        #expect(clock.elapsed == .milliseconds(332))
        let filled = zip(histogram.upperBounds, histogram.counts).filter { $1 > 0 }.map(\.0)
        #expect(filled == [0.0001, 0.0025, 0.05])
    }

    @Test("the histogram is there before the first sample")
    func empty() throws {
        let registry = MetricRegistry()
        _ = RuntimeProbe(registry: registry)
        #expect(try #require(registry.delays).count == 0)
    }

    @Test("when all threads of the pool are blocked the delay shows it")
    func blockedPool() async {
        await #expect(processExitsWith: .success) {
            let registry = MetricRegistry()
            let probe = Task.detached { await RuntimeProbe(registry: registry, interval: .milliseconds(10)).run() }
            var rounds = 0
            while registry.longDelays == 0, rounds < 20 {
                rounds += 1
                await withDiscardingTaskGroup { group in
                    for _ in 0..<sysconf(Int32(_SC_NPROCESSORS_ONLN)) { group.addTask { usleep(500_000) } }
                }
                try await Task.sleep(for: .milliseconds(50))
            }
            probe.cancel()
            await probe.value
            #expect(registry.longDelays >= 1)
        }
    }

    @Test("it ends when the service group shuts down, in the middle of a sleep")
    func shutdown() async {
        await testGracefulShutdown { trigger in
            async let run: Void = RuntimeProbe(registry: MetricRegistry(), interval: .seconds(3600)).run()
            trigger.triggerGracefulShutdown()
            await run
        }
    }
}

extension MetricRegistry {
    fileprivate var delays: MetricSnapshot.Histogram? {
        guard case .histogram(let histogram) = snapshot()["swift.task.wakeup.delay"] else { return nil }
        return histogram
    }

    /// How many samples were above a quarter of a second.
    fileprivate var longDelays: UInt64 {
        guard let delays else { return 0 }
        return zip([-.infinity] + delays.upperBounds, delays.counts).filter { $0.0 >= 0.25 }.reduce(0) { $0 + $1.1 }
    }
}

/// A fake of a clock: it wakes sleepers at once, by its own time as late as it is told, and then no more.
private final class LateClock: Clock {
    typealias Instant = ContinuousClock.Instant

    private struct State {
        var now: Instant
        var delays: [Duration]
    }

    private let start = ContinuousClock.now
    private let state: Mutex<State>

    init(delays: [Duration]) {
        state = Mutex(State(now: start, delays: delays))
    }

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }
    var elapsed: Duration { now - start }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try state.withLock { state in
            guard !state.delays.isEmpty else { throw CancellationError() }
            state.now = deadline + state.delays.removeFirst()
        }
    }
}
