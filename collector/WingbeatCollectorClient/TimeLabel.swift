// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes

/// Durations and times for people.
package enum TimeLabel {
    /// A duration with three digits or more and the unit that fits: `0`, `12 ns`, `1.25 ms`, `350 ms`, `2 m 3 s`.
    package static func duration(_ nanoseconds: UInt64) -> String {
        switch nanoseconds {
        case 0: "0"
        case ..<1000: "\(nanoseconds) ns"
        case ..<1_000_000: threeDigits(nanoseconds, unit: 1000) + " µs"
        case ..<1_000_000_000: threeDigits(nanoseconds, unit: 1_000_000) + " ms"
        case ..<60_000_000_000: threeDigits(nanoseconds, unit: 1_000_000_000) + " s"
        case ..<3_600_000_000_000: pair(nanoseconds / 1_000_000_000, "m", "s")
        default: pair(nanoseconds / 60_000_000_000, "h", "m")
        }
    }

    /// A time in UTC with milliseconds: `2026-01-02T03:04:05.678Z`; `-` where it is unknown.
    package static func time(_ unixNanoseconds: UInt64) -> String {
        guard unixNanoseconds > 0 else { return "-" }
        var bytes: [UInt8] = []
        bytes.append(rfc3339: unixNanoseconds)
        return String(decoding: bytes.dropLast(7), as: UTF8.self) + "Z"
    }

    /// Cut off, not rounded, so that 999,999 is not 1000.
    private static func threeDigits(_ value: UInt64, unit: UInt64) -> String {
        let whole = value / unit
        guard whole < 100 else { return "\(whole)" }
        let decimals: UInt64 = whole < 10 ? 2 : 1
        let scale: UInt64 = decimals == 2 ? 100 : 10
        let fraction = value % unit * scale / unit
        guard fraction > 0 else { return "\(whole)" }
        var digits = "\(fraction)"
        while digits.utf8.count < decimals { digits = "0" + digits }
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }

    private static func pair(_ value: UInt64, _ large: String, _ small: String) -> String {
        "\(value / 60) \(large)" + (value % 60 > 0 ? " \(value % 60) \(small)" : "")
    }
}
