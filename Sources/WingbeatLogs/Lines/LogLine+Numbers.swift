// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes

extension LogLine {
    /// Appends a whole number in base 10.
    @inline(__always)
    public mutating func append(decimal value: Int64) {
        append(atMost: 20) { place in
            place[0] = UInt8(ascii: "-")
            let sign = value < 0 ? 1 : 0
            return sign + write(decimal: value.magnitude, to: place + sign)
        }
    }

    /// Appends a whole number in base 10.
    @inline(__always)
    public mutating func append(decimal value: UInt64) {
        append(atMost: 20) { write(decimal: value, to: $0) }
    }

    /// Appends sixteen lower-case hexadecimal digits.
    public mutating func append(hex value: UInt64) {
        append(atMost: 16) { place in
            for position in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * position)) & 0xF
                place[position] = digit &+ (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
            }
            return 16
        }
    }
}
