// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import WingbeatBytes

@Suite("RFC 3339 times")
struct TimeTests {
    @Test("time zero is the first moment of 1970")
    func epoch() {
        #expect(text { $0.append(rfc3339: 0) } == "1970-01-01T00:00:00.000000000Z")
    }

    @Test(
        "known moments have their known texts",
        arguments: [
            (1, "1970-01-01T00:00:00.000000001Z"),
            (999_999_999, "1970-01-01T00:00:00.999999999Z"),
            (86_399_999_999_999, "1970-01-01T23:59:59.999999999Z"),
            (86_400_000_000_000, "1970-01-02T00:00:00.000000000Z"),
            (68_169_599_000_000_000, "1972-02-28T23:59:59.000000000Z"),
            (68_169_600_000_000_000, "1972-02-29T00:00:00.000000000Z"),
            (951_782_400_000_000_000, "2000-02-29T00:00:00.000000000Z"),
            (951_868_800_000_000_000, "2000-03-01T00:00:00.000000000Z"),
            (1_234_567_890_123_456_789, "2009-02-13T23:31:30.123456789Z"),
            (1_767_323_045_000_000_007, "2026-01-02T03:04:05.000000007Z"),
            (4_107_542_399_000_000_000, "2100-02-28T23:59:59.000000000Z"),
            (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000000000Z"),
            (4_102_444_800_000_000_000, "2100-01-01T00:00:00.000000000Z"),
            (.max, "2554-07-21T23:34:33.709551615Z"),
        ] as [(UInt64, String)]
    )
    func knownMoments(nanoseconds: UInt64, expected: String) {
        #expect(text { $0.append(rfc3339: nanoseconds) } == expected)
    }

    @Test("day after day for six hundred years the calendar makes no mistake")
    func everyDay() {
        var expected = (year: 1970, month: 1, day: 1)
        for day in 0..<(600 * 365) {
            let date = civilDate(daysSinceEpoch: day)
            guard date == expected else {
                Issue.record("day \(day) is \(date), not \(expected)")
                return
            }
            expected.day += 1
            if expected.day > daysOfMonth(expected.month, year: expected.year) {
                expected = (expected.year, expected.month + 1, 1)
            }
            if expected.month > 12 { expected = (expected.year + 1, 1, 1) }
        }
    }

    @Test("days before 1970 are dates too")
    func beforeTheEpoch() {
        #expect(civilDate(daysSinceEpoch: -1) == (1969, 12, 31))
        #expect(civilDate(daysSinceEpoch: -719_468) == (0, 3, 1))
        #expect(civilDate(daysSinceEpoch: -719_469) == (0, 2, 29))
    }

    private func daysOfMonth(_ month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
