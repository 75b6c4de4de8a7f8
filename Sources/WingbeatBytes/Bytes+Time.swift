// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// Appends a time as RFC 3339 in UTC with nanoseconds: `2026-01-02T03:04:05.123456789Z`.
    package mutating func append(rfc3339 nanosecondsSinceEpoch: UInt64) {
        let seconds = nanosecondsSinceEpoch / 1_000_000_000
        let (year, month, day) = civilDate(daysSinceEpoch: Int(seconds / 86_400))
        let time = seconds % 86_400
        append(decimal: UInt64(year), width: 4)
        append(UInt8(ascii: "-"))
        append(decimal: UInt64(month), width: 2)
        append(UInt8(ascii: "-"))
        append(decimal: UInt64(day), width: 2)
        append(UInt8(ascii: "T"))
        append(decimal: time / 3600, width: 2)
        append(UInt8(ascii: ":"))
        append(decimal: time / 60 % 60, width: 2)
        append(UInt8(ascii: ":"))
        append(decimal: time % 60, width: 2)
        append(UInt8(ascii: "."))
        append(decimal: nanosecondsSinceEpoch % 1_000_000_000, width: 9)
        append(UInt8(ascii: "Z"))
    }
}

/// The date of a day in the proleptic Gregorian calendar.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
func civilDate(daysSinceEpoch: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = daysSinceEpoch + 719_468  // days since 0000-03-01
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}
