// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatCollector
import WingbeatModel

/// A fake store: remembers what it was given, finds traces by id only, and fails as it is told.
final class FakeSpanStore: SpanStore {
    private struct State {
        var spans: [SpanRecord] = []
        var rollups: [Rollup] = []
        var failure: (any Error)?
    }

    private let state = Mutex(State())

    var spans: [SpanRecord] { state.withLock { $0.spans } }
    /// All rollups in the order in which they came.
    var rollups: [Rollup] { state.withLock { $0.rollups } }

    /// What every call throws from now on.
    func fail(with error: (any Error)?) { state.withLock { $0.failure = error } }

    func accept(_ spans: [SpanRecord]) async throws {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            state.spans += spans
        }
    }

    func add(_ rollups: [Rollup]) async throws {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            state.rollups += rollups
        }
    }

    func rollups(_ kind: Rollup.Kind, in window: ClosedRange<Int64>) async throws -> [Rollup] {
        rollups.filter { $0.kind == kind && $0.touches(window) }
    }

    func trace(_ id: TraceID) async throws -> [SpanRecord] { spans.filter { $0.traceID == id } }
    func services() async throws -> [String] { [] }
    func spanNames(ofService service: String) async throws -> [String] { [] }
    func remoteServices(ofService service: String) async throws -> [String] { [] }
    func tagValues(forKey key: String) async throws -> [String] { [] }
    func traces(matching query: TraceQuery) async throws -> [[SpanRecord]] { [] }
    func status() async throws -> SpanStoreStatus { SpanStoreStatus() }
    func check() async throws {}
}
