// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatModel

/// Packs spans into a block.
struct BlockPacker: ~Copyable {
    /// Spans where they are.
    fileprivate typealias Spans = ArraySlice<UnsafePointer<SpanRecord>>

    private var writer = BlockWriter()
    private var parts = BlockParts()
    private var traces: [UInt8] = []
    private var parents: [UInt8] = []
    private var starts: ClosedRange<Int64>?
    private var previousStart: UInt64 = 0

    static func pack(_ spans: [SpanRecord]) -> SpanBlock.Packed {
        var packer = BlockPacker()
        spans.withUnsafeBufferPointer { spans in
            guard let start = spans.baseAddress else { return }
            let sorted = spans.orderByTrace.map { start + $0 }
            var rest = sorted[...]
            while let first = rest.first {
                let end = rest.firstIndex { $0.pointee.traceID != first.pointee.traceID } ?? rest.endIndex
                packer.append(first.pointee.traceID, rest[..<end])
                rest = rest[end...]
            }
        }
        return packer.packed(count: spans.count)
    }

    private mutating func packed(count: Int) -> SpanBlock.Packed {
        parts.spanCount = count
        parts.table = writer.table
        parts.spans = writer.spans(traces: traces, parents: parents)
        let lows = parts.traces.map(\.low)
        return SpanBlock.Packed(
            bytes: parts.bytes,
            filter: writer.filter.bytes,
            starts: starts,
            count: count,
            traces: lows.indices.filter { $0 == 0 || lows[$0] != lows[$0 - 1] }.map { lows[$0] }
        )
    }

    /// Appends a trace: how many spans; 0 where none has a start, or else 1 and how many microseconds the earliest lies
    /// behind that of the trace before (zigzag).
    private mutating func append(_ trace: TraceID, _ spans: Spans) {
        parts.traces.append((trace.high, trace.low))
        let start = noteStarts(of: spans)
        traces.append(varint: UInt64(spans.count))
        append(start: start)
        let places = Places(spans)
        for span in spans {
            parts.ids.append(bigEndian: span.pointee.id.value)
            append(parent: span.pointee.parentID, places)
            writer.append(span, base: (start ?? 0) * 1000)
        }
    }

    private mutating func append(start: UInt64?) {
        guard let start else { return traces.append(0) }
        traces.append(1)
        traces.append(zigzag: start.distance(after: previousStart))
        previousStart = start
    }

    /// Zero for none, 1 for one that is not in the block, or else its place among the trace's spans and 2.
    private mutating func append(parent: SpanID?, _ places: Places) {
        guard let parent else { return parents.append(0) }
        if let place = places[parent] { return parents.append(varint: UInt64(place) + 2) }
        parents.append(1)
        parts.foreignParents.append(bigEndian: parent.value)
    }

    private mutating func noteStarts(of spans: Spans) -> UInt64? {
        var earliest: UInt64?
        for span in spans where span.pointee.startNanoseconds > 0 {
            let start = span.pointee.startNanoseconds / 1000
            earliest = min(earliest ?? start, start)
            let (low, high) = (starts?.lowerBound ?? Int64(start), starts?.upperBound ?? Int64(start))
            starts = min(low, Int64(start))...max(high, Int64(start))
        }
        return earliest
    }
}

/// Where the first span with an id stands in a trace.
private struct Places {
    private let ids: [SpanID]
    private let places: [SpanID: Int]

    init(_ spans: BlockPacker.Spans) {
        ids = spans.map(\.pointee.id)
        places = ids.count <= 16 ? [:] : Dictionary(zip(ids, ids.indices)) { first, _ in first }
    }

    subscript(id: SpanID) -> Int? { ids.count <= 16 ? ids.firstIndex(of: id) : places[id] }
}

extension UnsafeBufferPointer<SpanRecord> {
    /// The spans by the ids of their traces, those of one trace in the order in which they came.
    fileprivate var orderByTrace: [Int] {
        let keys = indices.map { (low: self[$0].traceID.low, high: self[$0].traceID.high, index: $0) }
        return keys.sorted { ($0.low, $0.high, $0.index) < ($1.low, $1.high, $1.index) }.map(\.index)
    }
}
