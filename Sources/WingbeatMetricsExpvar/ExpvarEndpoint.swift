// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
public import WingbeatMetrics

/// Answers `GET /debug/vars` as Go's `expvar` does, whatever serves HTTP: send what ``respond()`` returns.
///
/// While it exists, histograms keep the finer buckets that quantiles need; quantiles are those of all values since then.
public final class ExpvarEndpoint: Sendable {
    /// The answer to a request.
    public struct Response: Sendable {
        /// The body.
        public let body: [UInt8]
        /// The value of `Content-Type`.
        public let contentType: String
    }

    private let registry: MetricRegistry
    private let encoder = ExpvarEncoder(commandLine: CommandLine.arguments)
    private let memory = Mutex<(statistics: MemoryStatistics?, readAt: ContinuousClock.Instant?)>((nil, nil))

    /// An endpoint that reads the registry at each request.
    public init(registry: MetricRegistry = .shared) {
        self.registry = registry
        registry.keepSketches()
    }

    deinit {
        registry.releaseSketches()
    }

    /// Reads the registry, and once a second the process' memory.
    public func respond() -> Response {
        let body = encoder.encode(registry.snapshot(), memory: readMemory())
        return Response(body: body, contentType: ExpvarEncoder.contentType)
    }

    /// While the allocator counts its free blocks, allocations wait.
    private func readMemory() -> MemoryStatistics? {
        memory.withLock { memory in
            if let readAt = memory.readAt, readAt.duration(to: .now) < .seconds(1) { return memory.statistics }
            memory = (MemoryStatistics.read(), .now)
            return memory.statistics
        }
    }
}
