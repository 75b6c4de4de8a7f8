// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

/// What queries read with, in common.
struct BlockSource: Sendable {
    let connections: ConnectionPool
    let filters: FilterCache
    let pins: PinnedTraces
    let damages: DamageCount
}

/// Reads one view of the store for one query.
struct StoreReader {
    let view: StoreView
    let source: BlockSource
    let budget: QueryBudget
    let isStrict: Bool
    private var recent = RecentBlocks()

    init(view: StoreView, source: BlockSource, budget: QueryBudget, isStrict: Bool) {
        self.view = view
        self.source = source
        self.budget = budget
        self.isStrict = isStrict
    }

    /// The spans of a trace, the oldest files first, each once.
    mutating func trace(_ id: TraceID) throws -> [SpanRecord] {
        let spans = try spans(ofTrace: id.low)
        return (isStrict ? spans.filter { $0.traceID == id } : spans).withoutDuplicates
    }

    /// The traces whose ids end in these bits: more than one where ids that end alike are told apart.
    mutating func traces(endingIn low: UInt64) throws -> [[SpanRecord]] {
        let spans = try spans(ofTrace: low)
        guard isStrict, let first = spans.first, spans.contains(where: { $0.traceID != first.traceID }) else {
            return spans.isEmpty ? [] : [spans.withoutDuplicates]
        }
        return Dictionary(grouping: spans, by: \.traceID.high).sorted { $0.key < $1.key }
            .map { $0.value.withoutDuplicates }
    }

    private mutating func spans(ofTrace low: UInt64) throws -> [SpanRecord] {
        var spans = source.pins.spans(ofTrace: low)
        for hour in view.files {
            try budget.check()
            for block in try blocks(ofTrace: low, in: hour.file) {
                guard let block = try self.block(block, in: hour.file) else { continue }
                spans += (try? block.spans(ofTrace: low)) ?? []
            }
        }
        for head in view.heads { spans += head.spans(ofTrace: low) }
        return spans
    }

    /// A block; nil, and counted, when it is damaged.
    mutating func block(_ id: Int64, in file: HourFile) throws -> SpanBlock? {
        let key = RecentBlocks.Key(file: file.name, block: id)
        if let block = recent.block(key) { return block }
        try budget.check()
        let block: SpanBlock? = try source.damages.guarding(file, block: id) {
            try source.connections.read(file, budget) { reader in
                guard let bytes = try reader.bytes(ofBlock: id) else { throw SpanBlob.Damaged() }
                return try SpanBlock(bytes)
            }
        }
        if let block { recent.keep(block, key) }
        return block
    }

    private func blocks(ofTrace low: UInt64, in file: HourFile) throws -> [Int64] {
        try source.damages.guarding(file) {
            try source.connections.read(file, budget) { try $0.blocks(ofTrace: low) }
        } ?? []
    }

    /// False when no span of the block, and of the service where one is asked for, meets the criterion.
    func mayHold(_ criterion: SpanCriterion, service: String?, in block: BlockEntry, of file: HourFile) throws -> Bool {
        if service == nil, criterion == .anything { return true }
        let filter = try source.filters.filter(ofBlock: block.id, in: file.name) {
            try source.damages.guarding(file, block: block.id) {
                try source.connections.read(file, budget) { try $0.filter(ofBlock: block.id) }
            } ?? []
        }
        return SpanBlock.mayHold(criterion, service: service, filter: filter)
    }
}

/// The blocks that a query read last: the traces that it wants next are often in one of them.
private struct RecentBlocks {
    struct Key: Equatable {
        let file: HourName
        let block: Int64
    }

    private var blocks: [(key: Key, block: SpanBlock)] = []

    func block(_ key: Key) -> SpanBlock? {
        blocks.first { $0.key == key }?.block
    }

    mutating func keep(_ block: SpanBlock, _ key: Key) {
        if blocks.count >= 8 { blocks.removeFirst() }
        blocks.append((key, block))
    }
}

extension [SpanRecord] {
    /// Each span once, in the order in which they came: a client that repeats a post sends them twice.
    var withoutDuplicates: [SpanRecord] {
        guard count > 1 else { return self }
        var ids: Set<SpanID> = []
        if allSatisfy({ ids.insert($0.id).inserted }) { return self }
        var seen: Set<SpanRecord> = []
        return filter { seen.insert($0).inserted }
    }
}
