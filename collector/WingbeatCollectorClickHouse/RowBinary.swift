// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes

/// Writes rows in ClickHouse's format `RowBinary`: column by column, numbers with their lowest byte first, texts and
/// lists behind their length.
///
/// Source: ClickHouse documentation, "RowBinary".
struct RowWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ text: String) {
        append(count: text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func append(_ data: [UInt8]) {
        append(count: data.count)
        bytes.append(contentsOf: data)
    }

    mutating func append(list: [String]) {
        append(count: list.count)
        for text in list { append(text) }
    }

    mutating func append(count: Int) {
        bytes.append(varint: UInt64(count))
    }
}

/// Reads rows of the format `RowBinary`.
struct RowReader {
    private let bytes: [UInt8]
    private var index = 0

    /// The bytes end inside a row, or a length is larger than what there is.
    struct Damaged: Error {}

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// True behind the last row.
    var isAtEnd: Bool { index == bytes.count }

    mutating func number<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws(Damaged) -> Number {
        let size = MemoryLayout<Number>.size
        guard bytes.count - index >= size else { throw Damaged() }
        defer { index += size }
        return bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: index, as: Number.self)) }
    }

    mutating func text() throws(Damaged) -> String {
        String(decoding: try slice(), as: UTF8.self)
    }

    mutating func data() throws(Damaged) -> [UInt8] {
        Array(try slice())
    }

    private mutating func slice() throws(Damaged) -> ArraySlice<UInt8> {
        let count = try length()
        guard count <= UInt64(bytes.count - index) else { throw Damaged() }
        defer { index += Int(count) }
        return bytes[index..<index + Int(count)]
    }

    private mutating func length() throws(Damaged) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let next: UInt8 = try number()
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
        }
        throw Damaged()
    }
}
