// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

/// Up to some thousands of spans packed together: what the store writes and reads at once.
///
/// About 40 bytes a span: every value of a service's attribute, name, resource and so on is in a block once, spans refer
/// to them by number, and what spans have in common besides is a shape. ``BlockLayout`` says where things are.
struct SpanBlock {
    /// What is written of a block.
    struct Packed {
        /// The spans.
        var bytes: [UInt8]
        /// Tells, without the bytes, what the block certainly does not hold: see ``SpanBlock/mayHold(_:service:filter:)``.
        var filter: [UInt8]
        /// The starts of its spans, in microseconds since 1970; nil when none has one.
        var starts: ClosedRange<Int64>?
        /// How many spans there are.
        var count: Int
        /// The lower halves of its traces' ids, each once.
        var traces: [UInt64]
    }

    private let layout: BlockLayout

    /// Packs spans, those of a trace beside each other.
    static func pack(_ spans: [SpanRecord]) -> Packed { BlockPacker.pack(spans) }

    /// Looks at what ``pack(_:)`` wrote.
    init(_ bytes: [UInt8]) throws(SpanBlob.Damaged) {
        layout = try BlockLayout(bytes)
    }

    /// False when no span of the block, and of the service where one is asked for, meets the criterion.
    ///
    /// - Parameter service: in lower case.
    static func mayHold(_ criterion: SpanCriterion, service: String?, filter: [UInt8]) -> Bool {
        BlockFilter.mayHold(criterion, service: service, bytes: filter)
    }

    /// All spans, those of a trace beside each other in the order in which they came.
    func spans() throws(SpanBlob.Damaged) -> [SpanRecord] {
        try spans(ofTraces: 0..<layout.traceCount)
    }

    /// The spans of the traces whose ids end in these 64 bits.
    func spans(ofTrace low: UInt64) throws(SpanBlob.Damaged) -> [SpanRecord] {
        try spans(ofTraces: layout.traces(low: low))
    }

    private func spans(ofTraces wanted: Range<Int>) throws(SpanBlob.Damaged) -> [SpanRecord] {
        guard !wanted.isEmpty else { return [] }
        var reader = try BlockReader(layout)
        var spans: [SpanRecord] = []
        try reader.visit(tracesBefore: wanted.upperBound) { reader throws(SpanBlob.Damaged) in
            if wanted.contains(reader.trace) { spans.append(try reader.record()) }
        }
        return spans
    }

    /// The lower halves of the ids of traces with a span, of the service where one is asked for, that meets the
    /// criterion; each once, with the earliest start of the spans that the block has of it (microseconds; nil when
    /// none has one).
    ///
    /// - Parameter service: in lower case.
    func traces(
        meeting criterion: SpanCriterion,
        service: String?
    ) throws(SpanBlob.Damaged) -> [(low: UInt64, start: Int64?)] {
        let table = try BlockTable(layout.table())
        guard let search = try BlockSearch(criterion, service: service, table) else { return [] }
        return try search.traces(of: layout)
    }
}
