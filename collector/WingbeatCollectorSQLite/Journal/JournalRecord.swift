// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatCompression
import WingbeatModel

/// The spans of one post as bytes in the journal.
///
/// Four bytes that mark a beginning, the length and the CRC-32 of what follows, each in four bytes, the lowest first;
/// then how many spans there are and each with its trace's id, as ``BlobWriter`` writes them.
enum JournalRecord {
    static let mark = Array("WJR1".utf8)
    static let headerSize = 12

    static func pack(_ spans: [SpanRecord]) throws(SpanStoreError) -> [UInt8] {
        var writer = BlobWriter()
        writer.bytes.reserveCapacity(headerSize + spans.count * 256)
        writer.bytes += mark
        writer.append(fixed: 0)
        writer.append(spans) { writer, span in
            writer.append(fixed: span.traceID.high)
            writer.append(fixed: span.traceID.low)
            writer.append(span)
        }
        guard let length = UInt32(exactly: writer.bytes.count - headerSize) else {
            throw .unavailable("a post of \(spans.count) spans is too large: more than 4 GiB")
        }
        writer.bytes.replace(at: 4, littleEndian: length)
        writer.bytes.replace(at: 8, littleEndian: CRC32.checksum(writer.bytes, from: headerSize))
        return writer.bytes
    }

    /// Reads the part behind the header.
    static func unpack(_ bytes: [UInt8]) throws(SpanBlob.Damaged) -> [SpanRecord] {
        var reader = BlobReader(bytes)
        return try reader.list { reader throws(SpanBlob.Damaged) in
            guard let id = TraceID(high: try reader.fixed(), low: try reader.fixed()) else { throw SpanBlob.Damaged() }
            return try reader.span(of: id)
        }
    }
}

extension [UInt8] {
    fileprivate mutating func replace(at offset: Int, littleEndian value: UInt32) {
        for byte in 0..<4 { self[offset + byte] = UInt8(truncatingIfNeeded: value >> UInt32(8 * byte)) }
    }
}
