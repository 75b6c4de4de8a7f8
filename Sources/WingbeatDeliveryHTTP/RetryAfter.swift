// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// The header `Retry-After` (RFC 9110, section 10.2.3): seconds, or a moment.
enum RetryAfter {
    /// How long to wait; nil when the text is neither. A moment that has passed, and a negative number, are none.
    ///
    /// - Parameter now: seconds since 1970.
    static func pause(_ text: String, now: UInt64) -> Duration? {
        if let seconds = Int(text) { return .seconds(max(seconds, 0)) }
        guard let moment = secondsSinceEpoch(date: text) else { return nil }
        return .seconds(moment > now ? moment - now : 0)
    }

    /// A date in any of HTTP's three forms (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`,
    /// `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`.
    static func secondsSinceEpoch(date text: String) -> UInt64? {
        let words = text.split { " ,-".contains($0) }
        guard words.count >= 5 else { return nil }
        if let day = Int(words[1]) {
            return seconds(day: day, month: words[2], year: words[3], time: words[4])
        }
        return seconds(day: Int(words[2]), month: words[1], year: words[4], time: words[3])
    }

    private static func seconds(day: Int?, month: Substring, year: Substring, time: Substring) -> UInt64? {
        let clock = time.split(separator: ":").map { Int($0) ?? -1 }
        guard let day, (1...31).contains(day), let month = months.firstIndex(of: month), let year = fullYear(year),
            clock.count == 3, (0..<24).contains(clock[0]), (0..<60).contains(clock[1]), (0...60).contains(clock[2])
        else { return nil }
        let days = daysSinceEpoch(year: year, month: month + 1, day: day)
        return UInt64(exactly: days * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2])
    }

    /// Two digits mean the years from 1970 to 2069.
    private static func fullYear(_ text: Substring) -> Int? {
        guard let year = Int(text), (0...9999).contains(year) else { return nil }
        return text.count > 2 ? year : year + (year < 70 ? 2000 : 1900)
    }

    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
    private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let yearFromMarch = month > 2 ? year : year - 1
        let era = (yearFromMarch >= 0 ? yearFromMarch : yearFromMarch - 399) / 400
        let yearOfEra = yearFromMarch - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

private let months: [Substring] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
]
