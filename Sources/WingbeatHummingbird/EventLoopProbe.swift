// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import NIOCore
public import NIOPosix
public import ServiceLifecycle
public import Wingbeat
import WingbeatMetricsProcess

/// Measures how long work waits for its event loop: each loop is asked again and again to run something at a time, and
/// how much later it does is observed in the histogram `swift_nio_event_loop_delay_seconds`.
///
/// ```swift
/// application.addServices(telemetry, EventLoopProbe(telemetry))
/// ```
///
/// A loop serves many connections, one after the other. The delay grows when something blocks it, and then all its
/// connections wait. What begins and ends between two samples may be missed. A sample of one of N blocked loops is one
/// in N, so look at high quantiles.
public final class EventLoopProbe: Service {
    private let delays: HistogramSeries
    private let group: any EventLoopGroup
    private let interval: Duration

    /// - Parameters:
    ///   - telemetry: whose registry keeps the histogram.
    ///   - group: the loops to measure, which must not end before ``run()`` begins; by default those that Hummingbird and
    ///     AsyncHTTPClient share.
    ///   - interval: the time between two samples of a loop; at least 1 ms.
    public init(
        _ telemetry: Telemetry,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        interval: Duration = .milliseconds(250)
    ) {
        delays =
            telemetry.registry.histogram(
                "swift.nio.event_loop.delay",
                help: "How much later than it was asked to an event loop runs something.",
                unit: "seconds",
                buckets: .delays
            )[]
        self.group = group
        self.interval = max(interval, .milliseconds(1))
    }

    /// Measures until the task is cancelled or its service group shuts down. Never throws.
    public func run() async {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { tasks in
                for loop in self.group.makeIterator() { tasks.addTask { await self.measure(loop) } }
            }
        }
    }

    private func measure(_ loop: any EventLoop) async {
        while !Task.isCancelled {
            let due = NIODeadline.now() + TimeAmount(interval)
            let sample = loop.scheduleTask(deadline: due) { NIODeadline.now() - due }
            let delay = try? await withTaskCancellationHandler {
                try await sample.futureResult.get()
            } onCancel: {
                sample.cancel()
            }
            guard let delay else { return }  // cancelled, or the loop ends
            delays.observe(Duration(delay))
        }
    }
}
