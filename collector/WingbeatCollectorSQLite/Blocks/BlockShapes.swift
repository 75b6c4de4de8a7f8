// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

/// What spans of one kind have in common.
struct BlockShape {
    let bits: ShapeBits
    let kind: SpanRecord.Kind?
    let service: Int
    /// Whose values such a span has, in this order.
    let columns: [Int]
    let eventCount: Int

    /// Reads what ``BlockWriter`` wrote.
    init(_ reader: inout PackedReader, of table: BlockTable) throws(SpanBlob.Damaged) {
        bits = ShapeBits(rawValue: try reader.byte())
        kind = SpanRecord.Kind(rawValue: bits.rawValue & ShapeBits.kind)
        service = Int(truncatingIfNeeded: try reader.number())
        guard table.services.indices.contains(service) else { throw SpanBlob.Damaged() }
        var columns: [Int] = []
        var eventCount = 0
        while reader.rest > 0 {
            let column = Int(truncatingIfNeeded: try reader.number())
            guard table.columns.indices.contains(column) else { throw SpanBlob.Damaged() }
            columns.append(column)
            if table.columns[column].role == .event { eventCount += 1 }
        }
        self.columns = columns
        self.eventCount = eventCount
    }
}

extension PackedReader {
    /// The shapes at the start of the spans' bytes.
    mutating func shapes(of table: BlockTable) throws(SpanBlob.Damaged) -> [BlockShape] {
        var shapes: [BlockShape] = []
        for _ in 0..<(try count(ofAtLeast: 2)) {
            var reader = try PackedReader(bytes, in: range(of: count()))
            shapes.append(try BlockShape(&reader, of: table))
        }
        return shapes
    }
}
