// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Writes a header into the memory of the one string that it will be.
struct HeaderWriter {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    fileprivate var count = 0

    fileprivate init(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    @inline(__always)
    mutating func put(_ character: Unicode.Scalar) { put(UInt8(ascii: character)) }

    /// Sixteen digits in lower case.
    mutating func put(hex value: UInt64) {
        for shift in stride(from: UInt64(60), through: 0, by: -4) { put(digit: value >> shift) }
    }

    /// The digit of the lowest four bits.
    @inline(__always)
    mutating func put(digit value: UInt64) {
        let nibble = UInt8(truncatingIfNeeded: value & 0xF)
        put((nibble < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10) + nibble)
    }

    @inline(__always)
    private mutating func put(_ byte: UInt8) {
        guard count < bytes.count else { return }
        bytes[count] = byte
        count += 1
    }
}

extension String {
    /// A header of at most so many bytes.
    init(headerOf capacity: Int, _ write: (inout HeaderWriter) -> Void) {
        self.init(unsafeUninitializedCapacity: capacity) { bytes in
            var writer = HeaderWriter(bytes)
            write(&writer)
            return writer.count
        }
    }
}
