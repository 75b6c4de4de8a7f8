// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel

@testable import WingbeatMetricsStatsD

@Suite("StatsD lines")
struct LineTests {
    private let labels: LabelSet = ["method": "GET", "code": "200"]

    @Test func `of nothing there are none`() {
        #expect(Encoding().packets().isEmpty)
        #expect(Encoding().packets([counter("requests", 0)]).isEmpty)
    }

    @Test func `in plain StatsD labels are parts of the name`() {
        let lines = Encoding(.statsD).packets([counter("http.requests", 12, labels), gauge("queue", 2.5)])
        #expect(lines == ["http.requests.200.GET:12|c\nqueue:2.5|g"])
    }

    @Test func `in DogStatsD labels are tags behind the value`() {
        let lines = Encoding(.dogStatsD).packets([counter("http.requests", 12, labels), gauge("queue", 2.5)])
        #expect(lines == ["http.requests:12|c|#code:200,method:GET\nqueue:2.5|g"])
    }

    @Test func `for Telegraf labels are tags behind the name`() {
        let lines = Encoding(.telegraf).packets([counter("http.requests", 12, labels), gauge("queue", 2.5)])
        #expect(lines == ["http.requests,code=200,method=GET:12|c\nqueue:2.5|g"])
    }

    @Test(arguments: [
        (StatsDDialect.statsD, "cold:0|g\ncold:-3.5|g"), (.dogStatsD, "cold:-3.5|g"),
        (.telegraf, "cold:0|g\ncold:-3.5|g"),
    ])
    func `a negative gauge follows a zero where a sign means a change`(dialect: StatsDDialect, expected: String) {
        #expect(Encoding(dialect).packets([gauge("cold", -3.5)]) == [expected])
    }

    @Test func `the prefix is joined with one dot`() {
        for prefix in ["shop", "shop."] {
            var encoding = Encoding()
            encoding.configuration.prefix = prefix
            #expect(encoding.packets([counter("requests", 1)]) == ["shop.requests:1|c"])
        }
    }

    @Test(arguments: [
        (StatsDDialect.statsD, "n.GET.prod:1|c"), (.dogStatsD, "n:1|c|#method:GET,env:prod"),
        (.telegraf, "n,method=GET,env=prod:1|c"),
    ])
    func `global tags follow those of the series, which win`(dialect: StatsDDialect, expected: String) {
        var encoding = Encoding(dialect)
        encoding.configuration.globalTags = [Label("env", "prod"), Label("method", "other")]
        #expect(encoding.packets([counter("n", 1, ["method": "GET"])]) == [expected])
    }

    @Test func `numbers have no exponent`() {
        let lines = Encoding().packets([counter("a", 1e21), gauge("b", 1.5e-7), gauge("c", -0.0)])
        #expect(lines == ["a:1000000000000000000000|c\nb:0.00000015|g\nc:0|g"])
    }

    @Test func `what is no finite number is left out and counted`() {
        let encoding = Encoding()
        #expect(encoding.packets([gauge("a", .nan), counter("b", .infinity), gauge("c", 1)]) == ["c:1|g"])
        #expect(encoding.omitted("not_finite") == .counter(2))
    }

    @Test(
        arguments: [
            (StatsDDialect.statsD, "a_b_c.d__:1|c"), (.dogStatsD, "a_b_c.d__:1|c"), (.telegraf, "a_b_c.d__:1|c"),
        ]
    )
    func `no character of a name breaks a line`(dialect: StatsDDialect, expected: String) {
        #expect(Encoding(dialect).packets([counter("a b:c.d|ä", 1)]) == [expected])
    }

    @Test(
        arguments: [
            (StatsDDialect.statsD, "n._.a_b_c______g__:1|c"), (.dogStatsD, "n:1|c|#empty:,k_e_y:a.b:c______g_ä"),
            (.telegraf, "n,k_e_y=a.b_c______g_ä:1|c"),
        ]
    )
    func `no character of a label breaks a line`(dialect: StatsDDialect, expected: String) {
        let labels = LabelSet([("k:e=y", "a.b:c|@#,\n g=ä"), ("empty", "")])
        #expect(Encoding(dialect).packets([counter("n", 1, labels)]) == [expected])
    }
}

@Suite("Observations in StatsD")
struct ObservationTests {
    @Test func `each is a line, and durations are milliseconds`() {
        let encoding = Encoding()
        encoding.observe(0.0123, unit: "seconds", labels: ["route": "orders"])
        encoding.observe(1, unit: "seconds", labels: ["route": "orders"])
        encoding.observe(512, "size", unit: "bytes")
        #expect(encoding.packets() == ["latency.orders:12.3|ms\nlatency.orders:1000|ms\nsize:512|ms"])
        #expect(encoding.packets().isEmpty)  // they are told once
    }

    @Test(arguments: [
        (StatsDDialect.statsD, StatsDDialect.ObservationType.histograms, "latency:1500|ms"),
        (.statsD, .distributions, "latency:1500|ms"),
        (.telegraf, .histograms, "latency:1.5|h"),
        (.telegraf, .distributions, "latency:1500|ms"),
        (.dogStatsD, .timings, "latency:1500|ms"),
        (.dogStatsD, .histograms, "latency:1.5|h"),
        (.dogStatsD, .distributions, "latency:1.5|d"),
    ])
    func `they have the wanted type where the dialect has it`(
        dialect: StatsDDialect,
        type: StatsDDialect.ObservationType,
        expected: String
    ) {
        var encoding = Encoding(dialect)
        encoding.configuration.observationType = type
        encoding.observe(1.5, unit: "seconds")
        #expect(encoding.packets() == [expected])
    }

    @Test func `the sample rate stands before the tags`() {
        let encoding = Encoding(.dogStatsD, tap: ObservationTap(sampleRate: 0.25, seed: 1))
        for _ in 0..<100 { encoding.observe(2, labels: ["a": "b"]) }
        let lines = Set(encoding.packets().flatMap { $0.split(separator: "\n") })
        #expect(lines == ["latency:2|ms|@0.25|#a:b"])
    }

    @Test func `a tenth of them stands for all of them`() throws {
        let encoding = Encoding(tap: ObservationTap(sampleRate: 0.1, seed: 42))
        for number in 0..<100_000 { encoding.observe(Double(number % 100)) }
        let lines = encoding.packets().flatMap { $0.split(separator: "\n") }
        #expect(lines.allSatisfy { $0.hasPrefix("latency:") && $0.hasSuffix("|ms|@0.1") })
        let sum = lines.compactMap { Double($0.dropFirst("latency:".count).dropLast("|ms|@0.1".count)) }.reduce(0, +)
        #expect((9715...10_285).contains(lines.count))  // three standard deviations around 10,000
        #expect(abs(sum * 10 - 100_000 * 49.5) < 0.035 * 100_000 * 49.5)
    }

    @Test func `those that find no room are counted`() {
        let encoding = Encoding(.dogStatsD, tap: ObservationTap(capacity: 3))
        for _ in 0..<10 { encoding.observe(1) }
        #expect(encoding.packets() == ["latency:1|ms\nlatency:1|ms\nlatency:1|ms"])
        #expect(encoding.omitted("tap_full") == .counter(7))
    }
}
