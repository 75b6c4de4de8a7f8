// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

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

    /// An endpoint that reads the registry at each request.
    public init(registry: MetricRegistry = .shared) {
        self.registry = registry
        registry.keepSketches()
    }

    deinit {
        registry.releaseSketches()
    }

    /// Reads the registry and the process' memory.
    public func respond() -> Response {
        let body = encoder.encode(registry.snapshot(), memory: MemoryStatistics.read())
        return Response(body: body, contentType: ExpvarEncoder.contentType)
    }
}
