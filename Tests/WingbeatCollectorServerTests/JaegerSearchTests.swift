// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import Testing
import WingbeatCollector
import WingbeatCollectorServer
import WingbeatModel

@Suite("Searches with Jaeger's criteria", .serialized)
struct JaegerSearchTests {
    private static let window = "service=shop&start=1700000000000000&end=1700003600000000"

    private func find(_ criteria: String, in spans: [SpanRecord], limit: Int = 100) async throws -> [UInt64] {
        try await JaegerUnderTest(spans).traceIDs("/api/traces?\(Self.window)&limit=\(limit)&\(criteria)")
    }

    @Test("one span must meet all criteria, where Zipkin lets different ones meet them")
    func oneSpan() async throws {
        let apart = [
            jaegerSpan(1, 1, named: "a", with: [Attribute("k", "v")]), jaegerSpan(1, 2, parent: 1, named: "b"),
        ]
        let together = [
            jaegerSpan(2, 1, named: "a"), jaegerSpan(2, 2, parent: 1, named: "b", with: [Attribute("k", "v")]),
        ]
        #expect(try await find("operation=B&tag=k:v", in: apart + together) == [2])
        #expect(try await find("operation=b", in: apart + together) == [2, 1])
        #expect(try await find("tag=k:v", in: apart + together) == [2, 1])
    }

    @Test(
        "tags of every type, of the process and of the kind, with a star for any text",
        arguments: [
            ("tag=text:a%20b", [1]), ("tags={%22text%22:%22a%20b%22}", [1]), ("tag=text:a", []), ("tag=text:a*", [1]),
            ("tag=text:*b", [1]), ("tag=text:*%20*", [1]), ("tag=text:*", [1]), ("tag=text:*c*", []),
            ("tag=text:a*b*b", []), ("tag=url:http://x:80/", [1]), ("tag=int:-7", [1]), ("tag=double:1.5", [1]),
            ("tag=yes:true", [1]), ("tag=zone:a", [1, 2]), ("tag=span.kind:server", [1]), ("tag=span.kind:client", []),
            ("tag=error:true", [2]), ("tag=error:false", []), ("tag=otel.status_code:ERROR", [2]),
            ("tag=otel.status_description:gone", [2]), ("tag=peer.service:db", [2]), ("tag=peer.port:5432", [2]),
            ("tag=otel.scope.name:lib", [1]), ("tag=int:-7&tag=yes:true", [1]), ("tag=int:-7&tag=yes:false", []),
            ("tag=int:9&tags={%22int%22:%22-7%22}", [1]), ("tag=missing:", []), ("tag=missing:*", []),
            ("tags={}", [1, 2]),
        ]
    )
    func tags(criteria: String, expected: [UInt64]) async throws {
        var server = jaegerSpan(
            1,
            with: [
                Attribute("text", "a b"), Attribute("url", "http://x:80/"), Attribute("int", -7),
                Attribute("double", 1.5),
                Attribute("yes", true),
            ]
        )
        server.kind = .server
        server.scope = InstrumentationScope(name: "lib")
        var failed = jaegerSpan(2)
        failed.status = .error("gone")
        failed.remoteEndpoint = NetworkEndpoint(serviceName: "db", port: 5432)
        let found = try await find(criteria, in: [server, failed])
        #expect(Set(found) == Set(expected))
        #expect(found.count == expected.count)
    }

    @Test(
        "durations are of the span that meets the rest, to the nanosecond, from the shortest to the longest",
        arguments: [
            ("minDuration=10ms", [2, 1]), ("minDuration=10001us", [2]), ("maxDuration=10ms", [1]),
            ("minDuration=10ms&maxDuration=10ms", [1]), ("maxDuration=0s", [2, 1]), ("minDuration=1m", []),
            ("minDuration=10.0000005ms", [2]), ("minDuration=5s&operation=child", []),
        ]
    )
    func durations(criteria: String, expected: [UInt64]) async throws {
        let spans = [
            jaegerSpan(1), jaegerSpan(2, milliseconds: 20), jaegerSpan(3, at: "other", milliseconds: 10),
            jaegerSpan(2, 2, parent: 1, at: "other", named: "child", milliseconds: 9000),
        ]
        #expect(try await find(criteria, in: spans) == expected)
    }

    @Test("the window includes both its ends, in microseconds; one that ends before it starts finds nothing")
    func window() async throws {
        let subject = JaegerUnderTest([jaegerSpan(1), jaegerSpan(2), jaegerSpan(3)])
        let find = { (start: UInt64, end: UInt64) in
            try await subject.traceIDs("/api/traces?service=shop&start=\(someSecond + start)&end=\(someSecond + end)")
        }
        #expect(try await find(1_000_000, 3_000_000) == [3, 2, 1])
        #expect(try await find(1_000_001, 2_999_999) == [2])
        #expect(try await find(3_000_000, 1_000_000) == [])
        let farAway = "service=shop&start=-9223372036854775808&end=9223372036854775807"
        #expect(try await subject.traceIDs("/api/traces?\(farAway)") == [3, 2, 1])
    }

    @Test("the newest come first, as many as are asked for, even when most of what the store finds does not match")
    func pages() async throws {
        let spans = (1...50).flatMap { trace in
            [
                jaegerSpan(trace, 1, named: "a", with: trace % 10 == 0 ? [Attribute("k", "v")] : []),
                jaegerSpan(trace, 2, parent: 1, named: "b", with: [Attribute("k", "v")]),
            ]
        }
        #expect(try await find("operation=a&tag=k:v", in: spans, limit: 3) == [50, 40, 30])
        #expect(try await find("operation=a&tag=k:v", in: spans, limit: 100) == [50, 40, 30, 20, 10])
        #expect(try await find("operation=b&tag=k:v", in: spans, limit: 2) == [50, 49])
    }

    @Test("traces that all began in one microsecond are all looked at")
    func oneMicrosecond() async throws {
        let spans = (1...20).flatMap { trace in
            [
                jaegerSpan(trace, 1, named: "a", with: trace == 20 ? [Attribute("k", "v")] : []),
                jaegerSpan(trace, 2, parent: 1, named: "b", with: [Attribute("k", "v")]),
            ]
        }
        .map { span in
            var span = span
            span.startNanoseconds = someSecond * 1000
            return span
        }
        #expect(try await find("operation=a&tag=k:v", in: spans, limit: 1) == [20])
    }

    @Test("a search that looked at as many traces as it may says so")
    func incomplete() async throws {
        let spans = (1...30).flatMap { trace in
            [
                jaegerSpan(trace, 1, named: "a"),
                jaegerSpan(trace, 2, parent: 1, named: "b", with: [Attribute("k", "v")]),
            ]
        }
        let subject = JaegerUnderTest(spans, maximumTraces: 10)
        let text = try await subject.get("/api/traces?\(Self.window)&operation=a&tag=k:v").text
        #expect(
            text == #"{"data":[],"total":0,"limit":0,"offset":0,"errors":[{"msg":"stopped after looking at 10 traces; "#
                + #"there may be more in the time before: narrow the search down"}]}"#
        )
    }

    @Test("an answer holds no more spans than it may, says so, and looks behind a page that the store cut")
    func answerSpans() async throws {
        let spans = (1...6).flatMap { trace in
            [
                jaegerSpan(trace, 1, named: "a", with: trace < 3 ? [Attribute("k", "v")] : []),
                jaegerSpan(trace, 2, parent: 1, named: "b", with: [Attribute("k", "v")]),
            ]
        }
        let subject = JaegerUnderTest(spans, maximumAnswerSpans: 4)
        #expect(try await subject.traceIDs("/api/traces?\(Self.window)&operation=a&tag=k:v") == [2, 1])
        let text = try await subject.get("/api/traces?\(Self.window)&operation=b").text
        #expect(
            text.hasSuffix(
                #""errors":[{"msg":"stopped with 4 spans; there may be more in the time before: narrow the search down"}]}"#
            )
        )
        #expect(try await subject.traceIDs("/api/traces?\(Self.window)&operation=b") == [6, 5])
    }

    @Test("the store is asked for what it can tell")
    func query() async throws {
        let subject = JaegerUnderTest()
        let criteria = "operation=GET&tag=a:1&tag=b:x*&tag=span.kind:server&tag=error:true&minDuration=1.5ms&limit=7"
        _ = try await subject.get("/api/traces?\(Self.window)&\(criteria)")
        let query = try #require(subject.store.queries.first)
        #expect(subject.store.queries.count == 1)
        #expect(query.serviceName == "shop")
        #expect(query.spanName == "get")
        #expect(query.annotations == ["a": "1", "b": "", "error": ""])
        #expect(query.durations == 1500...UInt64.max / 1000)
        #expect(query.window == 1_700_000_000_000_000...1_700_003_600_000_000)
        #expect(query.limit == 7)
    }
}
