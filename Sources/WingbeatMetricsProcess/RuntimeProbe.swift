// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import ServiceLifecycle
public import WingbeatMetrics

/// Measures how long tasks wait for one of the threads that run Swift's tasks: it sleeps again and again, and observes
/// how much later than it wished it wakes, in the histogram `swift_task_wakeup_delay_seconds`.
///
/// On an idle machine the delay is about 0.1 ms, most of it the timer's. It grows when there is more work than threads,
/// and above all when tasks block their thread: with all of them blocked, nothing of the service goes on. The probe sees
/// the threads of the priority with which it is run. What begins and ends between two samples may be missed.
public final class RuntimeProbe: Service {
    private let delays: HistogramSeries
    private let interval: Duration
    private let clock: any Clock<Duration>

    /// - Parameters:
    ///   - registry: where the histogram is kept.
    ///   - interval: how long it sleeps; at least 1 ms.
    ///   - clock: measures; another one is for tests.
    public init(
        registry: MetricRegistry = .shared,
        interval: Duration = .milliseconds(250),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        delays =
            registry.histogram(
                "swift.task.wakeup.delay",
                help: "How much later than it wished a sleeping task wakes.",
                unit: "seconds",
                buckets: .delays
            )[]
        self.interval = max(interval, .milliseconds(1))
        self.clock = clock
    }

    /// Measures until the task is cancelled or its service group shuts down. Never throws.
    public func run() async {
        await cancelWhenGracefulShutdown {
            while let delay = try? await self.sleep(by: self.clock) { self.delays.observe(max(delay, .zero)) }
        }
    }

    /// - Returns: how much later than it wished it woke.
    private func sleep<C: Clock<Duration>>(by clock: C) async throws -> Duration {
        let due = clock.now.advanced(by: interval)
        try await clock.sleep(until: due, tolerance: nil)
        return due.duration(to: clock.now)
    }
}

extension Buckets {
    /// Thirteen bounds from 0.1 ms to 1 s, for the time that work waits for a thread.
    package static let delays = Buckets(
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]
    )
}
