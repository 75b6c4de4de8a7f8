// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatCollector
import WingbeatModel

/// The traces that are pinned: in memory, and in the catalog for the next process.
final class PinnedTraces: Sendable {
    /// How many spans may be pinned in all.
    static let maximumSpans = 50_000

    private let catalog: Catalog
    private let spans: Mutex<[TraceID: [SpanRecord]]>

    init(_ catalog: Catalog) throws(SpanStoreError) {
        self.catalog = catalog
        spans = Mutex(try catalog.runNow { connection throws(SpanStoreError) in try Self.load(connection) })
    }

    var ids: [TraceID] { spans.withLock { Array($0.keys) } }

    /// What is kept of each.
    var traces: [[SpanRecord]] { spans.withLock { Array($0.values) } }

    /// What is kept of the traces whose ids end in these bits.
    func spans(ofTrace low: UInt64) -> [SpanRecord] {
        spans.withLock { spans in spans.isEmpty ? [] : spans.filter { $0.key.low == low }.flatMap(\.value) }
    }

    /// How many spans of a trace are kept.
    func count(of id: TraceID) -> Int { spans.withLock { $0[id]?.count ?? 0 } }

    /// Keeps what is known of a trace, in place of what was kept before.
    func keep(_ id: TraceID, _ trace: [SpanRecord]) throws(SpanStoreError) {
        let others = spans.withLock { $0.reduce(0) { $0 + ($1.key == id ? 0 : $1.value.count) } }
        guard others + trace.count <= Self.maximumSpans else {
            throw .unavailable("more than \(Self.maximumSpans) spans would be pinned; unpin a trace first")
        }
        try catalog.runNow { connection throws(SpanStoreError) in
            let statement = try connection.statement("INSERT OR REPLACE INTO pin (low, high, spans) VALUES (?, ?, ?)")
            Self.bind(id, to: statement)
            statement.bind(3, SpanBlob.pack(trace))
            try statement.run()
        }
        spans.withLock { $0[id] = trace }
    }

    func forget(_ id: TraceID) throws(SpanStoreError) {
        try catalog.runNow { connection throws(SpanStoreError) in
            let statement = try connection.statement("DELETE FROM pin WHERE low = ? AND high = ?")
            Self.bind(id, to: statement)
            try statement.run()
        }
        spans.withLock { $0[id] = nil }
    }

    private static func bind(_ id: TraceID, to statement: Statement) {
        statement.bind(1, Int64(bitPattern: id.low))
        statement.bind(2, Int64(bitPattern: id.high))
    }

    private static func load(_ connection: Connection) throws(SpanStoreError) -> [TraceID: [SpanRecord]] {
        let statement = try connection.statement("SELECT low, high, spans FROM pin")
        defer { statement.reset() }
        var spans: [TraceID: [SpanRecord]] = [:]
        while try statement.step() {
            let (low, high) = (UInt64(bitPattern: statement.integer(0)), UInt64(bitPattern: statement.integer(1)))
            guard let id = TraceID(high: high, low: low) else { continue }
            spans[id] = (try? SpanBlob.unpack(statement.bytes(2), of: id)) ?? []
        }
        return spans
    }
}
