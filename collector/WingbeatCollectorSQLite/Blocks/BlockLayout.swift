// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatCollector
import WingbeatCompression

/// Where things are in the bytes of a block.
///
/// | bytes | what |
/// |---|---|
/// | 1 | the format |
/// | 4 | CRC-32 of all that follows, the highest byte first |
/// | numbers | spans; traces; foreign parents; 1 where a trace id has a high half, or else 0; bytes of the table, raw and packed; bytes of the spans, raw and packed |
/// | 8 a trace | the low halves of the ids of traces, ascending |
/// | 8 a trace | the high halves, if there are any |
/// | 8 a span | the ids of spans, those of a trace beside each other |
/// | 8 each | the ids of parents that are not in the block |
/// | | the table: services, columns and their values, deflated |
/// | | the spans: shapes, traces, and the streams of numbers, deflated |
///
/// Numbers are in base 128, ids have their highest byte first. What would not shrink is left as it is.
struct BlockLayout {
    static let format: UInt8 = 1

    let bytes: [UInt8]
    let spanCount: Int
    let traceCount: Int
    private let lows: Range<Int>
    private let highs: Range<Int>
    private let ids: Range<Int>
    private let parents: Range<Int>
    private let tablePlace: Packed
    private let spansPlace: Packed

    /// A part that was deflated, unless that made it no smaller.
    private struct Packed {
        let count: Int
        let range: Range<Int>
    }

    /// Reads the head; the rest is looked at when it is needed.
    init(_ bytes: [UInt8]) throws(SpanBlob.Damaged) {
        self.bytes = bytes
        var reader = try PackedReader(bytes, in: 0..<bytes.count)
        guard try reader.byte() == Self.format else { throw SpanBlob.Damaged() }
        let sum = try reader.bigEndian32()
        guard sum == CRC32.checksum(bytes, from: 5) else { throw SpanBlob.Damaged() }
        spanCount = try reader.count(ofAtLeast: 8)
        traceCount = try reader.count(ofAtLeast: 8)
        let parentCount = try reader.count(ofAtLeast: 8)
        let hasHighs = try reader.flag()
        let (table, tablePacked) = (try reader.size(), try reader.count())
        let (spans, spansPacked) = (try reader.size(), try reader.count())
        lows = try reader.range(of: traceCount * 8)
        highs = try reader.range(of: hasHighs ? traceCount * 8 : 0)
        ids = try reader.range(of: spanCount * 8)
        parents = try reader.range(of: parentCount * 8)
        tablePlace = Packed(count: table, range: try reader.range(of: tablePacked))
        spansPlace = Packed(count: spans, range: try reader.range(of: spansPacked))
        guard reader.rest == 0 else { throw SpanBlob.Damaged() }
    }

    /// The low half of a trace's id.
    func low(_ trace: Int) -> UInt64 { bytes.bigEndian(at: lows.lowerBound + trace * 8) }

    /// The high half of a trace's id.
    func high(_ trace: Int) -> UInt64 { highs.isEmpty ? 0 : bytes.bigEndian(at: highs.lowerBound + trace * 8) }

    /// The id of a span.
    func id(_ span: Int) -> UInt64 { bytes.bigEndian(at: ids.lowerBound + span * 8) }

    /// The id of a parent that is not in the block.
    func foreignParent(_ index: Int) throws(SpanBlob.Damaged) -> UInt64 {
        guard index < parents.count / 8 else { throw SpanBlob.Damaged() }
        return bytes.bigEndian(at: parents.lowerBound + index * 8)
    }

    /// The traces whose ids end in these 64 bits.
    func traces(low: UInt64) -> Range<Int> {
        let first = firstTrace { $0 >= low }
        return first..<max(first, firstTrace { $0 > low })
    }

    private func firstTrace(_ isBehind: (UInt64) -> Bool) -> Int {
        var (first, end) = (0, traceCount)
        while first < end {
            let middle = (first + end) / 2
            if isBehind(low(middle)) { end = middle } else { first = middle + 1 }
        }
        return first
    }

    func table() throws(SpanBlob.Damaged) -> [UInt8] { try unpack(tablePlace) }
    func spans() throws(SpanBlob.Damaged) -> [UInt8] { try unpack(spansPlace) }

    private func unpack(_ part: Packed) throws(SpanBlob.Damaged) -> [UInt8] {
        if part.count == part.range.count { return Array(bytes[part.range]) }
        do {
            return try RawDeflate.decompress(bytes[part.range], count: part.count)
        } catch {
            throw SpanBlob.Damaged()
        }
    }
}

/// The parts of a block, to be put together.
struct BlockParts {
    var spanCount = 0
    var traces: [(high: UInt64, low: UInt64)] = []
    var ids: [UInt8] = []
    var foreignParents: [UInt8] = []
    var table: [UInt8] = []
    var spans: [UInt8] = []

    /// The bytes of the block.
    var bytes: [UInt8] {
        let hasHighs = traces.contains { $0.high != 0 }
        let (table, spans) = (Self.packed(self.table), Self.packed(self.spans))
        var bytes: [UInt8] = [BlockLayout.format, 0, 0, 0, 0]
        let numbers = [
            spanCount, traces.count, foreignParents.count / 8, hasHighs ? 1 : 0, self.table.count, table.count,
            self.spans.count, spans.count,
        ]
        for number in numbers { bytes.append(varint: UInt64(number)) }
        for trace in traces { bytes.append(bigEndian: trace.low) }
        if hasHighs { for trace in traces { bytes.append(bigEndian: trace.high) } }
        bytes += ids
        bytes += foreignParents
        bytes += table
        bytes += spans
        bytes.seal()
        return bytes
    }

    private static func packed(_ bytes: [UInt8]) -> [UInt8] {
        guard let packed = try? RawDeflate.compress(bytes), packed.count < bytes.count else { return bytes }
        return packed
    }
}

extension [UInt8] {
    /// Writes the checksum of a block to its place.
    mutating func seal() {
        let sum = CRC32.checksum(self, from: 5)
        for index in 0..<4 { self[1 + index] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * index)) }
    }
}

extension PackedReader {
    fileprivate mutating func bigEndian32() throws(SpanBlob.Damaged) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 { value = value << 8 | UInt32(try byte()) }
        return value
    }

    fileprivate mutating func flag() throws(SpanBlob.Damaged) -> Bool {
        switch try number() {
        case 0: false
        case 1: true
        default: throw SpanBlob.Damaged()
        }
    }

    /// How many bytes something has before it was deflated.
    fileprivate mutating func size() throws(SpanBlob.Damaged) -> Int {
        guard let size = Int(exactly: try number()) else { throw SpanBlob.Damaged() }
        return size
    }
}
