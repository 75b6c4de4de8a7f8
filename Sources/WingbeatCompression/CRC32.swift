// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CZlib

/// The checksum of gzip, zip and Ethernet (polynomial 0x04C11DB7, reflected), through zlib.
package enum CRC32 {
    /// The checksum of the bytes, or of what was summed before and these bytes behind it.
    ///
    /// - Parameter start: how many bytes at the start are left out.
    package static func checksum(_ bytes: [UInt8], from start: Int = 0, after previous: UInt32 = 0) -> UInt32 {
        var sum = UInt(previous)
        bytes.withUnsafeBufferPointer { buffer in
            var rest = buffer.dropFirst(start)
            while !rest.isEmpty {
                let piece = UnsafeBufferPointer(rebasing: rest.prefix(1 << 30))  // zlib counts in 32 bits
                sum = crc32(sum, piece.baseAddress, UInt32(piece.count))
                rest = rest.dropFirst(piece.count)
            }
        }
        return UInt32(truncatingIfNeeded: sum)
    }
}
