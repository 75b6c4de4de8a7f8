// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// The way of spans from the receivers to the store.
public final class SpanIntake: SpanConsumer {
    private let store: any SpanStore

    /// An intake in front of a store.
    public init(store: any SpanStore) {
        self.store = store
    }

    /// Keeps the spans; returns when they survive a kill of the process.
    public func accept(_ spans: [SpanRecord]) async throws {
        try await store.accept(spans)
    }

    /// Which services called which, counted over the traces that began in a span of time.
    ///
    /// - Parameter window: microseconds since 1970.
    public func dependencies(in window: ClosedRange<Int64>) async throws -> [DependencyLink] {
        try await store.rollups(.link, in: window)
            .map {
                DependencyLink(
                    parent: $0.service,
                    child: $0.name,
                    callCount: $0.calls.count,
                    errorCount: $0.calls.errors
                )
            }
    }
}
