// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Durations and times as people and Go programs write them.
package enum TimeText {
    /// The nanoseconds of a text such as `1.5s`, `200ms`, `1h30m` or `300µs`, as Go's `ParseDuration` reads them; `d` is
    /// a day. Nil for anything else, for negative ones and for those beyond 64 bits.
    package static func nanoseconds(_ text: String) -> UInt64? {
        if text == "0" { return 0 }
        var rest = Substring(text)
        guard !rest.isEmpty else { return nil }
        var total: UInt64 = 0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !($0.isASCII && $0.isNumber) && $0 != "." }
            rest = rest.dropFirst(unit.count)
            guard let factor = units[String(unit)], let part = product(number, factor) else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !overflow else { return nil }
            total = sum
        }
        return total
    }

    private static let units: [String: UInt64] = [
        "ns": 1, "us": 1000, "µs": 1000, "μs": 1000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
        "h": 3_600_000_000_000, "d": 86_400_000_000_000,
    ]

    /// Whole numbers exactly, others as near as a `Double` is.
    private static func product(_ number: Substring, _ factor: UInt64) -> UInt64? {
        if let whole = UInt64(number) {
            let (product, overflow) = whole.multipliedReportingOverflow(by: factor)
            return overflow ? nil : product
        }
        guard number.contains(where: \.isNumber), let value = Double(number) ?? Double("0\(number)0") else {
            return nil
        }
        return UInt64(exactly: (value * Double(factor)).rounded())
    }

    /// The nanoseconds since 1970 of a time in RFC 3339, such as `2026-01-02T03:04:05.678Z` or `2026-01-02T03:04:05+01:00`;
    /// nil for anything else, and for times before 1970 and beyond 64 bits.
    package static func unixNanoseconds(rfc3339 text: String) -> UInt64? {
        var reader = FieldReader(rest: Substring(text).utf8[...])
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"),
            let day = reader.number(2), reader.skip("T") || reader.skip("t"), let hour = reader.number(2),
            reader.skip(":"), let minute = reader.number(2), reader.skip(":"), let second = reader.number(2)
        else { return nil }
        guard 1...12 ~= month, 1...31 ~= day, hour < 24, minute < 60, second <= 60 else { return nil }
        guard let fraction = reader.fraction(), let offset = reader.offset(), reader.rest.isEmpty else { return nil }
        let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
        guard let positive = UInt64(exactly: seconds) else { return nil }
        let (product, overflow) = positive.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = product.addingReportingOverflow(fraction)
        return overflow || carry ? nil : sum
    }

    /// Days since 1970 in the proleptic Gregorian calendar, counted from the first of March, so that the leap day is last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let years = month > 2 ? year : year - 1
        let monthFromMarch = (month + 9) % 12
        return years * 365 + years / 4 - years / 100 + years / 400 + (monthFromMarch * 306 + 5) / 10 + day - 1 - 719_468
    }
}

/// Reads the fields of a time.
private struct FieldReader {
    var rest: Substring.UTF8View.SubSequence

    mutating func skip(_ mark: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: mark) else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number(_ digits: Int) -> Int? {
        let text = rest.prefix(digits)
        guard text.count == digits, text.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        rest = rest.dropFirst(digits)
        return text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// The nanoseconds behind a point; what is smaller is cut off; nil where no digit follows the point.
    mutating func fraction() -> UInt64? {
        guard skip(".") else { return 0 }
        let digits = rest.prefix { 0x30...0x39 ~= $0 }
        rest = rest.dropFirst(digits.count)
        guard !digits.isEmpty else { return nil }
        let padded = Array(digits.prefix(9)) + Array(repeating: 0x30, count: max(0, 9 - digits.count))
        return padded.reduce(0) { $0 * 10 + UInt64($1 - 0x30) }
    }

    /// Seconds east of Greenwich.
    mutating func offset() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let isWest = rest.first == UInt8(ascii: "-")
        guard isWest || rest.first == UInt8(ascii: "+") else { return nil }
        rest = rest.dropFirst()
        guard let hours = number(2), skip(":"), let minutes = number(2), hours < 24, minutes < 60 else { return nil }
        return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }
}
