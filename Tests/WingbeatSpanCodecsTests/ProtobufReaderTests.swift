// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import WingbeatSpanCodecs

@Suite("Protocol buffers' wire format is read, and what is malformed is named")
struct ProtobufReaderTests {
    private func reading<Value>(
        _ bytes: [UInt8],
        _ body: (inout ProtobufReader) throws(SpanDecodingError) -> Value
    ) throws(SpanDecodingError) -> Value {
        try bytes.withUnsafeBufferPointer { buffer throws(SpanDecodingError) in
            var reader = ProtobufReader(buffer)
            return try body(&reader)
        }
    }

    /// Why bytes are no message when all of its fields are skipped; nil when they are one.
    private func refusal(of bytes: [UInt8]) -> String? {
        do throws(SpanDecodingError) {
            try reading(bytes) { reader throws(SpanDecodingError) in
                while let field = try reader.nextField() { try reader.skip(field) }
            }
            return nil
        } catch {
            return error.description
        }
    }

    @Test(
        "varints of every length",
        arguments: [
            ([0x00], 0), ([0x7F], 127), ([0x80, 0x01], 128), ([0xAC, 0x02], 300), ([0x80, 0x80, 0x00], 0),
            ([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], .max),
        ] as [([UInt8], UInt64)]
    )
    func varints(bytes: [UInt8], value: UInt64) throws {
        #expect(try reading(bytes) { reader throws(SpanDecodingError) in try reader.varint() } == value)
    }

    @Test("numbers of fixed length are little-endian, a text is UTF-8, a message is a reader of its own")
    func values() throws {
        let bytes: [UInt8] = [
            0x09, 1, 2, 3, 4, 5, 6, 7, 8,  // 1: fixed64
            0x15, 1, 2, 3, 4,  // 2: fixed32
            0x1A, 2, 0xC3, 0xA9,  // 3: "é"
            0x22, 2, 0x08, 0x05,  // 4: a message of one varint
        ]
        try reading(bytes) { reader throws(SpanDecodingError) in
            #expect(try reader.nextField()?.type == .fixed64)
            #expect(try reader.fixed64() == 0x0807_0605_0403_0201)
            #expect(try reader.nextField()?.type == .fixed32)
            #expect(try reader.fixed32() == 0x0403_0201)
            #expect(try reader.nextField()?.number == 3)
            #expect(try reader.string() == "é")
            #expect(try reader.nextField()?.number == 4)
            var message = try reader.message()
            #expect(try message.nextField()?.number == 1)
            #expect(try message.varint() == 5)
            #expect(try message.nextField() == nil)
            #expect(try reader.nextField() == nil)
        }
    }

    @Test("fields of every type are skipped, groups too")
    func skipping() {
        #expect(refusal(of: [0x08, 0x96, 0x01, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0x1A, 1, 0xFF, 0x25, 0, 0, 0, 0]) == nil)
        #expect(refusal(of: [0x0B, 0x08, 0x01, 0x13, 0x14, 0x0C, 0x08, 0x01]) == nil)
    }

    @Test(
        "what is malformed is named",
        arguments: [
            ([0x0A, 66, 1, 2, 3, 4, 5, 6, 7, 8], "Truncated: length 66 > bytes available 8"),
            ([0x0A], "Truncated: length 1 > bytes available 0"),
            ([0x08, 0x80], "Truncated: length 1 > bytes available 0"),
            ([0x09, 1, 2, 3], "Truncated: length 8 > bytes available 3"),
            ([0x0D, 1, 2, 3], "Truncated: length 4 > bytes available 3"),
            (
                [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
                "Truncated: length 18446744073709551615 > bytes available 0"
            ),
            ([0x08, 1, 0x00, 1], "Malformed: fieldNumber was 0 at byte 2"),
            ([0x0E], "Malformed: invalid wireType 6 at byte 0"),
            (
                [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02],
                "Malformed: varint of more than 64 bits at byte 1"
            ),
            (
                [0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
                "Malformed: varint of more than 64 bits at byte 1"
            ),
            ([0x0C], "Malformed: a group that did not start ends before byte 1"),
            ([0x0B, 0x08, 0x01], "Malformed: group 1 does not end before byte 3"),
            ([0x0B, 0x14], "Malformed: a group that did not start ends before byte 2"),
        ] as [([UInt8], String)]
    )
    func malformed(bytes: [UInt8], text: String) {
        #expect(refusal(of: bytes) == text)
    }

    @Test("100,000 groups inside each other are refused, 100 messages are not")
    func nesting() throws {
        let deep = "Malformed: expected at most 100 levels of nesting"
        #expect(refusal(of: [UInt8](repeating: 0x0B, count: 100_000))?.hasPrefix(deep) == true)
        #expect(refusal(of: .init(repeating: 0x0B, count: 100) + .init(repeating: 0x0C, count: 100)) == nil)
        let depth = try self.depth(of: 100)
        #expect(depth == 100)
        #expect(throws: SpanDecodingError.self) { try self.depth(of: 101) }
    }

    /// How deep messages of field 1 stand inside each other.
    private func depth(of count: Int) throws(SpanDecodingError) -> Int {
        var bytes: [UInt8] = []
        for _ in 0..<count { bytes = [0x0A] + lengthPrefix(bytes.count) + bytes }
        return try reading(bytes) { reader throws(SpanDecodingError) in
            var levels = 0
            while try reader.nextField() != nil {
                reader = try reader.message()
                levels += 1
            }
            return levels
        }
    }

    private func lengthPrefix(_ value: Int) -> [UInt8] {
        value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F | 0x80)] + lengthPrefix(value >> 7)
    }
}
