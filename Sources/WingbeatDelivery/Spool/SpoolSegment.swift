// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatCompression

/// One file of a spool: a first line that names the format, then entries.
///
/// An entry is a state (zero while it waits), the length of the message, how many elements it has, and a CRC-32 of
/// these two and the message, each in four bytes, the lowest first; then the message.
package final class SpoolSegment {
    /// A message in the file.
    package struct Entry {
        /// What was appended.
        package let message: [UInt8]
        /// How many elements it has.
        package let count: Int
        let offset: Int

        var end: Int { offset + headerSize + message.count }
    }

    private let file: SpoolFile
    /// Where the oldest entry that waits may begin.
    private var readOffset: Int
    /// Where the next entry goes.
    private var writeOffset: Int

    /// How many bytes the file has.
    var size: Int { writeOffset }

    /// True when nothing waits.
    var isEmpty: Bool { readOffset >= writeOffset }

    /// Opens a file. What an earlier process wrote is found by ``scan()``.
    init(_ path: String) throws(SpoolError) {
        file = try SpoolFile(path)
        readOffset = magic.count
        writeOffset = file.size
        if writeOffset == 0 {
            try file.write(magic, at: 0)
            writeOffset = magic.count
        }
    }

    /// Reads what an earlier process left.
    ///
    /// - Returns: how many elements wait, and how many places could not be read.
    func scan() -> (elements: Int, damages: Int) {
        guard file.read(magic.count, at: 0) == magic else {
            readOffset = writeOffset
            return (0, 1)
        }
        var elements = 0
        var damages = 0
        var offset = magic.count
        while offset < writeOffset {
            guard let header = header(at: offset) else {
                writeOffset = offset  // nothing behind can be found
                return (elements, damages + 1)
            }
            if !header.isSettled {
                if let entry = entry(at: offset, header) { elements += entry.count } else { damages += 1 }
            }
            offset += headerSize + header.length
        }
        return (elements, damages)
    }

    /// Appends a message.
    func append(_ message: [UInt8], count: Int, isSynced: Bool) throws(SpoolError) {
        guard let length = UInt32(exactly: message.count), let number = UInt32(exactly: count) else {
            throw SpoolError("a message of \(message.count) bytes is too long for the spool")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(headerSize + message.count)
        bytes.append(littleEndian: 0)
        bytes.append(littleEndian: length)
        bytes.append(littleEndian: number)
        bytes.append(littleEndian: checksum(length, number, message))
        bytes += message
        do {
            try file.write(bytes, at: writeOffset)
            if isSynced { try file.sync() }
        } catch {
            file.truncate(to: writeOffset)
            throw error
        }
        writeOffset += bytes.count
    }

    /// The oldest message that waits; damaged ones are skipped.
    func oldest() -> Entry? {
        while readOffset < writeOffset {
            guard let header = header(at: readOffset) else {
                readOffset = writeOffset
                return nil
            }
            if !header.isSettled, let entry = entry(at: readOffset, header) { return entry }
            readOffset += headerSize + header.length
        }
        return nil
    }

    /// Marks a message as sent, or lost for good, also for the next process.
    func settle(_ entry: Entry) {
        try? file.write([1], at: entry.offset)  // at worst it is sent twice
        readOffset = entry.end
    }

    /// Takes the file away.
    func remove() { file.remove() }

    private struct Header {
        let isSettled: Bool
        let length: Int
        let count: UInt32
        let checksum: UInt32
    }

    /// Nil where the file ends before the entry does.
    private func header(at offset: Int) -> Header? {
        let bytes = file.read(headerSize, at: offset)
        guard bytes.count == headerSize else { return nil }
        let length = Int(bytes.littleEndian(at: 4))
        guard length <= writeOffset - offset - headerSize else { return nil }
        return Header(
            isSettled: bytes.littleEndian(at: 0) != 0,
            length: length,
            count: bytes.littleEndian(at: 8),
            checksum: bytes.littleEndian(at: 12)
        )
    }

    /// Nil where the checksum is wrong.
    private func entry(at offset: Int, _ header: Header) -> Entry? {
        let message = file.read(header.length, at: offset + headerSize)
        guard message.count == header.length,
            checksum(UInt32(header.length), header.count, message) == header.checksum
        else { return nil }
        return Entry(message: message, count: Int(header.count), offset: offset)
    }
}

private let magic = Array("wingbeat spool 1\n".utf8)
private let headerSize = 16

private func checksum(_ length: UInt32, _ count: UInt32, _ message: [UInt8]) -> UInt32 {
    var head: [UInt8] = []
    head.append(littleEndian: length)
    head.append(littleEndian: count)
    return CRC32.checksum(message, after: CRC32.checksum(head))
}

extension [UInt8] {
    fileprivate mutating func append(littleEndian value: UInt32) {
        for shift in stride(from: UInt32(0), to: 32, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    fileprivate func littleEndian(at offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(self[offset + $1]) << UInt32(8 * $1) }
    }
}
