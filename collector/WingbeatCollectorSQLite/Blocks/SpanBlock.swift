// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

/// Up to some thousands of spans packed together: what the store writes and reads at once.
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

    private let records: [SpanRecord]

    /// Packs spans, those of a trace beside each other.
    static func pack(_ spans: [SpanRecord]) -> Packed {
        let sorted = spans.sorted { ($0.traceID.low, $0.traceID.high) < ($1.traceID.low, $1.traceID.high) }
        var writer = BlobWriter()
        writer.append(sorted) { writer, span in
            writer.append(fixed: span.traceID.high)
            writer.append(fixed: span.traceID.low)
            writer.append(span)
        }
        let starts = spans.lazy.filter { $0.startNanoseconds > 0 }.map { Int64($0.startNanoseconds / 1000) }
        let range = starts.min().flatMap { low in starts.max().map { low...$0 } }
        let traces = sorted.reduce(into: [UInt64]()) { if $0.last != $1.traceID.low { $0.append($1.traceID.low) } }
        return Packed(bytes: writer.bytes, filter: [], starts: range, count: spans.count, traces: traces)
    }

    /// Reads what ``pack(_:)`` wrote.
    init(_ bytes: [UInt8]) throws(SpanBlob.Damaged) {
        var reader = BlobReader(bytes)
        records = try reader.list { reader throws(SpanBlob.Damaged) in
            guard let id = TraceID(high: try reader.fixed(), low: try reader.fixed()) else { throw SpanBlob.Damaged() }
            return try reader.span(of: id)
        }
    }

    /// False when no span of the block, and of the service where one is asked for, meets the criterion.
    static func mayHold(_ criterion: SpanCriterion, service: String?, filter: [UInt8]) -> Bool { true }

    /// All spans.
    func spans() throws(SpanBlob.Damaged) -> [SpanRecord] { records }

    /// The spans of the traces whose ids end in these 64 bits.
    func spans(ofTrace low: UInt64) throws(SpanBlob.Damaged) -> [SpanRecord] {
        records.filter { $0.traceID.low == low }
    }

    /// The lower halves of the ids of traces with a span, of the service where one is asked for, that meets the
    /// criterion; each once, with the earliest start of the spans that the block has of it (microseconds; nil when
    /// none has one).
    func traces(
        meeting criterion: SpanCriterion,
        service: String?
    ) throws(SpanBlob.Damaged) -> [(low: UInt64, start: Int64?)] {
        var found: Set<UInt64> = []
        var starts: [UInt64: Int64] = [:]
        for span in records {
            let low = span.traceID.low
            if span.startNanoseconds > 0 {
                let start = Int64(span.startNanoseconds / 1000)
                starts[low] = min(starts[low] ?? start, start)
            }
            guard service == nil || span.serviceName?.lowercased() == service else { continue }
            if criterion.isMet(by: span) { found.insert(low) }
        }
        return found.map { ($0, starts[$0]) }
    }
}
