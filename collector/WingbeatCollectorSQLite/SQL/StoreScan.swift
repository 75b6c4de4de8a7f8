// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatCollector
import WingbeatModel

/// Reads a store for SQL: the newest spans first, each trace that is pinned once.
struct StoreScan: SpanScan {
    let view: StoreView
    let source: BlockSource
    let isStrict: Bool

    func batches(within bounds: SpanBounds, _ budget: QueryBudget) throws -> () throws -> [SpanRecord]? {
        var reader = StoreReader(view: view, source: source, budget: budget, isStrict: isStrict)
        if let trace = bounds.trace {
            var isRead = false
            return {
                defer { isRead = true }
                return isRead ? nil : try reader.trace(trace)
            }
        }
        let pinned = Set(source.pins.ids)
        var pins = Array(pinned)
        var posts = view.heads.flatMap(\.posts)
        var blocks = blocks(within: bounds)
        return {
            if let trace = pins.popLast() { return try reader.trace(trace).filter { $0.traceID == trace } }
            if let post = posts.popLast() { return Self.unpinned(post, pinned) }
            while let (file, entry) = blocks.popLast() {
                try budget.check()
                guard
                    try bounds.service.map({ try reader.mayHold(.anything, service: $0, in: entry, of: file) }) ?? true
                else { continue }
                let spans = try source.damages.guarding(file, block: entry.id) {
                    try reader.block(entry.id, in: file)?.spans()
                }
                if let spans { return Self.unpinned(spans, pinned) }
            }
            return nil
        }
    }

    /// The newest last.
    private func blocks(within bounds: SpanBounds) -> [(file: HourFile, entry: BlockEntry)] {
        let blocks = view.files.flatMap { hour in hour.blocks.lazy.map { (file: hour.file, entry: $0) } }
        let wanted = blocks.filter { block in
            guard let starts = bounds.starts else { return true }
            return block.entry.starts?.overlaps(starts) == true
        }
        return wanted.sorted { $0.entry.last < $1.entry.last }
    }

    private static func unpinned(_ spans: [SpanRecord], _ pinned: Set<TraceID>) -> [SpanRecord] {
        pinned.isEmpty ? spans : spans.filter { !pinned.contains($0.traceID) }
    }
}

extension SQLiteSpanStore: SpanSQL {
    /// Runs one statement that reads; one at a time, so that other queries have room.
    public func answer(to statement: String, limits: SQLLimits) async throws -> SQLAnswer {
        try await sqlQueries.run { budget in
            let scan = StoreScan(view: self.view.now, source: self.source, isStrict: self.options.strictTraceID)
            return try SQLQuery(statement: statement, limits: limits).run(over: scan, budget)
        }
    }
}
