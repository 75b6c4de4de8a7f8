// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing
import WingbeatHummingbird

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite("The delay of event loops")
struct EventLoopProbeTests {
    private let telemetry: Telemetry

    init() {
        var configuration = TelemetryConfiguration(serviceName: "observed", environment: [:])
        configuration.spanEndpoint = nil
        telemetry = Telemetry.isolated(configuration)
    }

    private var delays: MetricSnapshot.Histogram? {
        guard case .histogram(let histogram) = telemetry.registry.snapshot()["swift.nio.event_loop.delay"] else {
            return nil
        }
        return histogram
    }

    @Test("a loop that is blocked for 300 ms is seen")
    func blockedLoop() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let probe = EventLoopProbe(telemetry, group: group, interval: .milliseconds(10))
        #expect(delays?.count == 0)
        let run = Task { await probe.run() }
        #expect(await eventually { (delays?.count ?? 0) > 4 })
        try await group.next().submit { _ = usleep(300_000) }.get()
        #expect(await eventually { (delays?.above(0.25) ?? 0) >= 1 })
        run.cancel()
        await run.value
        try await group.shutdownGracefully()
    }

    @Test("it ends when the service group shuts down, in the middle of an interval")
    func shutdown() async {
        await testGracefulShutdown { trigger in
            async let run: Void = EventLoopProbe(telemetry, interval: .seconds(3600)).run()
            trigger.triggerGracefulShutdown()
            await run
        }
    }
}

extension MetricSnapshot.Histogram {
    /// How many values fell into buckets that begin at a bound or above.
    fileprivate func above(_ bound: Double) -> UInt64 {
        zip([-.infinity] + upperBounds, counts).filter { $0.0 >= bound }.reduce(0) { $0 + $1.1 }
    }
}
