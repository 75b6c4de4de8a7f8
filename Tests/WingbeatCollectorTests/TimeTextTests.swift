// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector

@Suite("Times and durations as texts")
struct TimeTextTests {
    @Test(
        "durations as Go reads them, and days",
        arguments: [
            ("0", 0), ("0s", 0), ("1ns", 1), ("500us", 500_000), ("500µs", 500_000), ("500μs", 500_000),
            ("100ms", 100_000_000), ("1.2s", 1_200_000_000), (".5s", 500_000_000), ("1.s", 1_000_000_000),
            ("1m", 60_000_000_000), ("1h30m", 5_400_000_000_000), ("1h2m3.5s", 3_723_500_000_000),
            ("2d", 172_800_000_000_000), ("9007199254740993ns", 9_007_199_254_740_993),
        ]
    )
    func durations(text: String, nanoseconds: UInt64) {
        #expect(TimeText.nanoseconds(text) == nanoseconds)
    }

    @Test(
        "what is no duration",
        arguments: [
            "", "1", "s", "-1s", "1 s", "1s ", "1.2.3s", ".s", "1w", "1S", "١s", "1e3s", "99999999999999999999s",
            "9999999999h", "1e999h", "18446744073709551615ns1ns",
        ]
    )
    func noDurations(text: String) {
        #expect(TimeText.nanoseconds(text) == nil)
    }

    @Test(
        "times of RFC 3339",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.000000001Z", 1),
            ("2023-11-14T22:13:20Z", 1_700_000_000_000_000_000),
            ("2023-11-14T23:13:20.5+01:00", 1_700_000_000_500_000_000),
            ("2023-11-14t16:43:20.1234567899-05:30", 1_700_000_000_123_456_789),
            ("2024-02-29T00:00:00z", 1_709_164_800_000_000_000), ("2000-03-01T00:00:00Z", 951_868_800_000_000_000),
            ("2026-12-31T23:59:60Z", 1_798_761_600_000_000_000),
        ]
    )
    func times(text: String, nanoseconds: UInt64) {
        #expect(TimeText.unixNanoseconds(rfc3339: text) == nanoseconds)
    }

    @Test(
        "what is no time",
        arguments: [
            "", "2023", "2023-11-14", "2023-11-14T22:13:20", "2023-11-14 22:13:20Z", "2023-13-14T22:13:20Z",
            "2023-11-32T22:13:20Z", "2023-11-14T24:13:20Z", "2023-11-14T22:60:20Z", "2023-11-14T22:13:61Z",
            "2023-11-14T22:13:20.Z", "2023-11-14T22:13:20Zx", "2023-11-14T22:13:20+1:00", "1969-12-31T23:59:59Z",
            "9999-01-01T00:00:00Z", "202a-11-14T22:13:20Z", "2023-11-14T22:13:20+24:00", "2023-00-14T22:13:20Z",
        ]
    )
    func noTimes(text: String) {
        #expect(TimeText.unixNanoseconds(rfc3339: text) == nil)
    }
}
