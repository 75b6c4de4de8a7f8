// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatCompression
import WingbeatModel

/// Reads what a journal file holds, past what is damaged.
struct JournalReplay {
    /// The spans of each record that is whole, in their order.
    private(set) var posts: [[SpanRecord]] = []
    /// Where the last whole record ends: what is behind it was never acknowledged.
    private(set) var end = 0
    /// Bytes behind the last whole record: a kill cut it off.
    private(set) var tornBytes = 0
    /// How many times bytes between whole records made no sense.
    private(set) var damages = 0

    init(_ path: String) throws(SpanStoreError) {
        let bytes = try readFile(path)
        guard bytes.starts(with: JournalFile.firstLine) else {
            // A kill may cut off even the first line; any other beginning is another format.
            guard JournalFile.firstLine.starts(with: bytes) else {
                throw .unavailable("\(path) begins with none of the lines that this collector knows")
            }
            tornBytes = bytes.count
            return
        }
        read(bytes)
    }

    private mutating func read(_ bytes: [UInt8]) {
        var offset = JournalFile.firstLine.count
        end = offset
        var isDamaged = false
        while offset < bytes.count {
            if let record = Self.record(in: bytes, at: offset) {
                posts.append(record.spans)
                if isDamaged { damages += 1 }
                isDamaged = false
                offset = record.end
                end = offset
            } else {
                isDamaged = true
                offset = Self.nextMark(in: bytes, after: offset)
            }
        }
        tornBytes = bytes.count - end
    }

    private static func record(in bytes: [UInt8], at offset: Int) -> (spans: [SpanRecord], end: Int)? {
        let body = offset + JournalRecord.headerSize
        guard body <= bytes.count, bytes[offset..<offset + 4].elementsEqual(JournalRecord.mark) else { return nil }
        let length = Int(bytes.number(at: offset + 4))
        guard length <= bytes.count - body else { return nil }
        let payload = Array(bytes[body..<body + length])
        guard CRC32.checksum(payload) == bytes.number(at: offset + 8) else { return nil }
        return (try? JournalRecord.unpack(payload)).map { ($0, body + length) }
    }

    private static func nextMark(in bytes: [UInt8], after offset: Int) -> Int {
        var index = offset + 1
        while index + 4 <= bytes.count {
            if bytes[index] == JournalRecord.mark[0], bytes[index..<index + 4].elementsEqual(JournalRecord.mark) {
                return index
            }
            index += 1
        }
        return bytes.count
    }
}

extension [UInt8] {
    fileprivate func number(at offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(self[offset + $1]) << UInt32(8 * $1) }
    }
}
