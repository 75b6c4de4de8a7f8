// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing
import WingbeatCollector
import WingbeatModel

@testable import WingbeatCollectorSQLite

@Suite("The guide to SQL")
struct SQLGuideTests {
    private let guide: String

    init() throws {
        let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        guide = String(decoding: try Data(contentsOf: URL(filePath: "/\(folder)/docs/guides/sql.md")), as: UTF8.self)
    }

    @Test("each example runs and finds something")
    func examples() async throws {
        let store = try SQLiteSpanStore(directory: TemporaryFolder().path)
        var linking = newTrace(1)
        let target = newTrace(2)
        linking[1].links = target.prefix(1).map { SpanRecord.Link(traceID: $0.traceID, spanID: $0.id) }
        let shift = UInt64(Date().timeIntervalSince1970 * 1e9) - UInt64(today) * 1_000_000
        try await store.accept(
            (linking + target).map { span in
                var span = span
                span.startNanoseconds += shift
                return span
            }
        )
        let examples = guide.split(separator: "```sql\n").dropFirst().compactMap { $0.split(separator: "```").first }
        #expect(examples.count == 6)
        for example in examples {
            let answer = try await store.answer(to: String(example), limits: SQLLimits())
            #expect(!answer.rows.isEmpty, "\(example)")
        }
    }

    @Test("each column is described where its table is")
    func columns() async throws {
        let store = try SQLiteSpanStore(directory: TemporaryFolder().path)
        for table in ["spans", "traces", "attributes", "events", "links"] {
            let section = try #require(guide.split(separator: "## \(table)\n").last?.split(separator: "\n## ").first)
            let described = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
                .flatMap { $0.split(separator: "|")[0].split(separator: "`") }.filter { !" , ".contains($0) }
            let columns = try await store.answer(to: "SELECT * FROM \(table)", limits: SQLLimits()).columns
            #expect(described.map(String.init) == columns, "\(table)")
        }
    }
}
