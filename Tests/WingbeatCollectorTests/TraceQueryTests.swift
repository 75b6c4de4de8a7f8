// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector

@Suite("A search is checked before it is made")
struct TraceQueryTests {
    private static let window: (endTs: Int64, lookback: Int64) = (1000, 500)

    private func invalid(_ make: () throws(TraceQuery.Invalid) -> TraceQuery) -> String? {
        do throws(TraceQuery.Invalid) {
            _ = try make()
            return nil
        } catch {
            return error.description
        }
    }

    private func annotations(_ text: String?) throws -> [String: String] {
        try TraceQuery(annotationQuery: text, endTs: 1000, lookback: 500).annotations
    }

    @Test("a search without criteria looks for anything")
    func empty() throws {
        let query = try TraceQuery(endTs: 1000, lookback: 500)
        #expect(query.serviceName == nil && query.remoteServiceName == nil && query.spanName == nil)
        #expect(query.annotations.isEmpty)
        #expect(query.durations == nil)
        #expect(query.window == 500_000...1_000_000)
        #expect(query.limit == 10)
    }

    @Test(
        "criteria that make no sense are refused in Zipkin's words",
        arguments: [
            (0, 1, 1, nil, nil, "endTs <= 0"), (-5, 1, 1, nil, nil, "endTs <= 0"),
            (1, 0, 1, nil, nil, "lookback <= 0"), (1, -1, 1, nil, nil, "lookback <= 0"),
            (1, 1, 0, nil, nil, "limit <= 0"), (1, 1, -1, nil, nil, "limit <= 0"),
            (1, 1, 1, 0, nil, "minDuration <= 0"), (1, 1, 1, -1, 5, "minDuration <= 0"),
            (1, 1, 1, 5, 4, "maxDuration < minDuration"),
            (1, 1, 1, nil, 4, "maxDuration is only valid with minDuration"),
            (1, 1, 1, 5, 5, nil), (1, 1, 1, 5, nil, nil),
        ] as [(Int64, Int64, Int, Int64?, Int64?, String?)]
    )
    func validation(endTs: Int64, lookback: Int64, limit: Int, min: Int64?, max: Int64?, text: String?) {
        let found = invalid { () throws(TraceQuery.Invalid) in
            try TraceQuery(minDuration: min, maxDuration: max, endTs: endTs, lookback: lookback, limit: limit)
        }
        #expect(found == text)
    }

    @Test("names are in lower case; an empty one, and a span name of all, mean any")
    func names() throws {
        let query = try TraceQuery(
            serviceName: "FrontEnd",
            remoteServiceName: "BÄCKEND",
            spanName: "GET /A",
            endTs: 1,
            lookback: 1
        )
        #expect(query.serviceName == "frontend")
        #expect(query.remoteServiceName == "bäckend")
        #expect(query.spanName == "get /a")
        let any = try TraceQuery(serviceName: "", remoteServiceName: "", spanName: "", endTs: 1, lookback: 1)
        #expect(any == (try TraceQuery(endTs: 1, lookback: 1)))
        #expect(try TraceQuery(spanName: "ALL", endTs: 1, lookback: 1).spanName == nil)
        #expect(try TraceQuery(serviceName: "all", endTs: 1, lookback: 1).serviceName == "all")
    }

    @Test("the window goes from lookback before the end to the end, and never before 1970")
    func windows() throws {
        #expect(try TraceQuery.window(endTs: 1000, lookback: 1) == 999_000...1_000_000)
        #expect(try TraceQuery.window(endTs: 1000, lookback: 5000) == 0...1_000_000)
        let widest = try TraceQuery.window(endTs: .max, lookback: .max)
        #expect(widest.lowerBound == 0)
        #expect(widest.upperBound > 9_000_000_000_000_000_000)
        #expect(try TraceQuery.window(endTs: 1, lookback: .max) == 0...1000)
    }

    @Test("durations have both their ends")
    func durations() throws {
        #expect(try TraceQuery(minDuration: 5, endTs: 1, lookback: 1).durations == 5...UInt64.max)
        #expect(try TraceQuery(minDuration: 5, maxDuration: 9, endTs: 1, lookback: 1).durations == 5...9)
    }

    @Test(
        "the annotation query is words and pairs, joined by ' and '",
        arguments: [
            (nil, [:]), ("", [:]), ("   ", [:]), ("error", ["error": ""]), (" error ", ["error": ""]),
            ("http.path=/pay", ["http.path": "/pay"]), ("http.path = /pay ", ["http.path": "/pay"]),
            ("error and http.path=/pay", ["error": "", "http.path": "/pay"]),
            ("a=b=c", ["a": "b=c"]), ("a==", ["a": "="]), ("a=", ["a": ""]), ("=b", [:]), ("=", [:]),
            ("a=1 and a=2", ["a": "2"]), ("a=1 and a", ["a": "1"]), ("a and a=1", ["a": "1"]),
            ("a and  and b", ["a": "", "b": ""]), ("a AND b", ["a AND b": ""]),
            ("sand and land", ["sand": "", "land": ""]),
            ("a or b", ["a or b": ""]), ("and", ["and": ""]), ("a and", ["a and": ""]), ("⻩=💩", ["⻩": "💩"]),
        ] as [(String?, [String: String])]
    )
    func annotationQuery(text: String?, parsed: [String: String]) throws {
        #expect(try annotations(text) == parsed)
    }

    @Test("an annotation query has at most 100 parts")
    func tooManyParts() throws {
        let hundred = (1...100).map { "k\($0)=v" }.joined(separator: " and ")
        #expect(try annotations(hundred).count == 100)
        let text = invalid { () throws(TraceQuery.Invalid) in
            try TraceQuery(annotationQuery: hundred + " and more", endTs: 1, lookback: 1)
        }
        #expect(text == "annotationQuery has more than 100 parts")
    }
}
