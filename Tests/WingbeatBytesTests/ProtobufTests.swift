// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatBytes

@Suite("Protocol buffers")
struct ProtobufTests {
    @Test("an empty message is nothing, and has a length of zero where it is a field")
    func empty() {
        #expect(bytes { $0.append(field: 1) { _ in } } == [0x0A, 0])
        #expect(bytes { $0.append(delimited: { _ in }) } == [0])
    }

    @Test(
        "whole numbers are in base 128, lowest bits first",
        arguments: [
            (0, [0]), (1, [1]), (127, [0x7F]), (128, [0x80, 1]), (300, [0xAC, 2]),
            (.max, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]),
        ] as [(UInt64, [UInt8])]
    )
    func varints(value: UInt64, expected: [UInt8]) {
        #expect(bytes { $0.append(varint: value) } == expected)
        #expect(bytes { $0.append(field: 2, varint: value) } == [0x10] + expected)
    }

    @Test(
        "small numbers of either sign are short",
        arguments: [
            (0, [0]), (-1, [1]), (1, [2]), (-2, [3]), (-64, [0x7F]), (64, [0x80, 1]),
            (.max, [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]),
            (.min, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]),
        ] as [(Int64, [UInt8])]
    )
    func zigzag(value: Int64, expected: [UInt8]) {
        #expect(bytes { $0.append(field: 5, zigzag: value) } == [0x28] + expected)
    }

    @Test("floating-point numbers are their bits, lowest byte first, with a zero written out")
    func doubles() {
        #expect(bytes { $0.append(field: 1, double: 1.5) } == [0x09, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F])
        #expect(bytes { $0.append(field: 1, double: 0) } == [0x09, 0, 0, 0, 0, 0, 0, 0, 0])
        #expect(bytes { $0.append(field: 3, fixed64: 0x0102) } == [0x19, 2, 1, 0, 0, 0, 0, 0, 0])
    }

    @Test("texts have their length before them, and a field beyond 15 has a longer tag")
    func texts() {
        #expect(bytes { $0.append(field: 2, text: "testing") } == [0x12, 7] + Array("testing".utf8))
        #expect(bytes { $0.append(field: 16, text: "é") } == [0x82, 1, 2, 0xC3, 0xA9])
    }

    @Test(
        "a message in a message has its whole length before it, however long that is",
        arguments: [0, 127, 128, 16_384]
    )
    func nested(length: Int) {
        let content = [UInt8](repeating: 7, count: length)
        let written = bytes { bytes in
            bytes.append(1)
            bytes.append(field: 3) { bytes in
                bytes.append(field: 4) { $0.append(contentsOf: content) }
            }
        }
        let inner = [0x22] + bytes { $0.append(varint: UInt64(length)) } + content
        #expect(written == [1, 0x1A] + bytes { $0.append(varint: UInt64(inner.count)) } + inner)
    }

    private func bytes(_ write: (inout [UInt8]) -> Void) -> [UInt8] {
        var bytes: [UInt8] = []
        write(&bytes)
        return bytes
    }
}
