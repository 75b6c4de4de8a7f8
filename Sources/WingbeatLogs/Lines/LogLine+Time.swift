// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatLine
import WingbeatBytes

extension LogLine {
    /// Appends a time in UTC as RFC 3339: `2026-01-02T03:04:05.123456789Z`.
    ///
    /// The text of the second is kept with the thread's buffer, for the next line is likely to need it again.
    public mutating func append(rfc3339 nanoseconds: UInt64, _ precision: LogFields.TimePrecision) {
        appendSecond(of: nanoseconds)
        append(fractionOf: nanoseconds, precision)
        append(UInt8(ascii: "Z"))
    }

    /// Appends the time of the day in UTC: `03:04:05.123`.
    mutating func append(timeOfDay nanoseconds: UInt64, _ precision: LogFields.TimePrecision) {
        let start = count
        appendSecond(of: nanoseconds)
        remove(start..<(start + "2026-01-02T".utf8.count))
        append(fractionOf: nanoseconds, precision)
    }

    @inline(__always)
    private mutating func appendSecond(of nanoseconds: UInt64) {
        let second = nanoseconds / 1_000_000_000
        if buffer.pointee.second != second { remember(second) }
        let text = buffer.pointee.second_text
        append(atMost: 24) { place in
            UnsafeMutableRawPointer(place).storeBytes(of: text, as: (UInt64, UInt64, UInt64).self)
            return 19
        }
    }

    @inline(never)
    private mutating func remember(_ second: UInt64) {
        var text: [UInt8] = []
        text.append(rfc3339: second * 1_000_000_000)
        withUnsafeMutableBytes(of: &buffer.pointee.second_text) { $0.copyBytes(from: text.prefix(19)) }
        buffer.pointee.second = second
    }

    @inline(__always)
    private mutating func append(fractionOf nanoseconds: UInt64, _ precision: LogFields.TimePrecision) {
        let digits = precision.rawValue
        guard digits > 0 else { return }
        let rest = nanoseconds % 1_000_000_000
        append(atMost: 10) { place in
            place[0] = UInt8(ascii: ".")
            place[1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest / 100_000_000)
            write(pair: rest / 1_000_000 % 100, to: place + 2)
            write(pair: rest / 10_000 % 100, to: place + 4)
            write(pair: rest / 100 % 100, to: place + 6)
            write(pair: rest % 100, to: place + 8)
            return 1 + digits
        }
    }
}
