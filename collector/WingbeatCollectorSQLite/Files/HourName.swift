// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// The name of an hour's file: `2026-01-02T03-0001.sqlite`, the date and hour in UTC and a number, so that the order of
/// the names is that of time.
struct HourName: Hashable, Comparable, Sendable {
    /// Hours since 1970.
    let hour: Int64
    /// 1 for the first file of the hour.
    let number: Int

    static func < (left: HourName, right: HourName) -> Bool {
        (left.hour, left.number) < (right.hour, right.number)
    }

    var fileName: String {
        let date = Self.date(ofDay: Int(hour.quotientAndFloorRemainder(by: 24).quotient))
        let time = Int(hour.quotientAndFloorRemainder(by: 24).remainder)
        return Self.padded(date.year, 4) + "-" + Self.padded(date.month, 2) + "-" + Self.padded(date.day, 2)
            + "T" + Self.padded(time, 2) + "-" + Self.padded(number, 4) + ".sqlite"
    }

    init(hour: Int64, number: Int) {
        self.hour = hour
        self.number = number
    }

    /// Nil for a name of another form.
    init?(_ fileName: String) {
        guard fileName.hasSuffix(".sqlite") else { return nil }
        let parts = fileName.dropLast(7).split(whereSeparator: { $0 == "-" || $0 == "T" }).map { Int($0) }
        guard parts.count == 5, let year = parts[0], let month = parts[1], let day = parts[2], let time = parts[3],
            let number = parts[4], (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
            (0..<24).contains(time), number < 1_000_000_000
        else { return nil }
        hour = Int64(Self.day(year: year, month: month, day: day) * 24 + time)
        self.number = number
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Days since 1970. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
    private static func day(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let yearOfEra = year % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return year / 400 * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The other way round: `civil_from_days`.
    private static func date(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        return (
            yearOfEra + era * 400 + (month >= 10 ? 1 : 0), month < 10 ? month + 3 : month - 9,
            dayOfYear - (153 * month + 2) / 5 + 1
        )
    }
}

extension Int64 {
    fileprivate func quotientAndFloorRemainder(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
