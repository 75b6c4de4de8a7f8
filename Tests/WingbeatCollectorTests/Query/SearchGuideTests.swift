// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing
import WingbeatCollector
import WingbeatModel

@Suite("The guide to searches")
struct SearchGuideTests {
    private static func guide() throws -> String {
        let folder = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        return String(decoding: try Data(contentsOf: URL(filePath: "/\(folder)/docs/guides/search.md")), as: UTF8.self)
    }

    /// The lines of its blocks, without what follows a `#`.
    private static func examples() throws -> [String] {
        try guide().split(separator: "```search\n").dropFirst()
            .flatMap { $0.split(separator: "```")[0].split(separator: "\n") }
            .map { line in String(line.split(separator: "  #")[0]) }
    }

    /// What stands in code in the first column of its tables.
    private static func terms() throws -> [String] {
        try guide().split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap { line in
            line.split(separator: " | ")[0].split(separator: "`").enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        }
    }

    @Test("every example can be read, and reads back as the same")
    func readable() throws {
        let operators: Set = [":", "=", "!=", ">", ">=", "<", "<="]
        let all = try Self.examples() + Self.terms().filter { !operators.contains($0) }
        #expect(all.count > 25)
        for text in all {
            let expression = try SearchExpression(text)
            #expect(expression != .everything, "\(text)")
            #expect(try SearchExpression(expression.description) == expression, "\(text)")
        }
        #expect(Set(try Self.terms()).isSuperset(of: operators))
    }

    private static func span(
        _ id: UInt64,
        _ service: String,
        _ name: String,
        _ milliseconds: UInt64,
        kind: SpanRecord.Kind = .server,
        isError: Bool = false,
        _ attributes: [Attribute] = []
    ) -> SpanRecord {
        var span = SpanRecord(traceID: .smallest, id: SpanID(id) ?? .smallest, name: name)
        span.parentID = id == 1 ? nil : .smallest
        span.kind = kind
        span.localEndpoint = NetworkEndpoint(serviceName: service)
        span.startNanoseconds = 1_700_000_000_000_000_000
        span.durationNanoseconds = milliseconds * 1_000_000
        if isError { span.status = .error("") }
        span.attributes = attributes
        return span
    }

    @Test("the examples find what is said beside them, and nothing else")
    func meaning() throws {
        let pay = Attribute("http.route", "/pay")
        let code = Attribute("http.status_code", .int(503))
        let failed = Self.span(2, "cart", "charge", 300, isError: true, [pay])
        let site = Self.span(1, "web", "get /", 1200)
        let database = Self.span(3, "db", "select", 60)
        let call = Self.span(2, "web", "call", 5, kind: .client)
        let user = Self.span(1, "shop-eu", "GET /cart/7", 5, [Attribute("user.id", "8")])
        let health = Self.span(4, "web", "GET /health", 1)
        let expected: [([SpanRecord], Set<Int>)] = [
            ([failed], [0, 2]), ([failed, health], [2]), ([site], [1]),
            ([Self.span(1, "web", "get /health", 9), failed], []),
            ([site, database], [1, 3]), ([Self.span(1, "cart", "get", 1, [code])], [4]), ([call], [5]),
            ([call, database], [3]), ([user], [6]),
        ]
        let examples = try Self.examples().map { try SearchExpression($0) }
        #expect(examples.count == 7)
        for (index, (trace, numbers)) in expected.enumerated() {
            let found = examples.indices.filter { examples[$0].matches(trace) }
            #expect(Set(found) == numbers, "trace \(index)")
        }
    }
}
