// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing
import WingbeatCollectorSQLite
import WingbeatCollectorServer
import WingbeatModel

@Suite("SQL over HTTP", .timeLimit(.minutes(2)))
struct SQLAPITests {
    private func get(_ statement: String, _ more: String = "", headers: HTTPFields = [:]) async throws -> TestResponse {
        let folder = FileManager.default.temporaryDirectory.appending(path: "wingbeat-sql-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try SQLiteSpanStore(directory: folder.path())
        var span = SpanRecord(traceID: .smallest, id: .smallest, name: "say \"hi\", all")
        span.startNanoseconds = 1_700_000_000_000_000_001
        span.durationNanoseconds = 1500
        span.localEndpoint = NetworkEndpoint(serviceName: "Web")
        try await store.accept([span])
        let application = Application(router: CollectorServer(store: store).router())
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        let query = statement.utf8.map { "%\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined()
        return try await application.test(.router) { client in
            try await client.execute(uri: "/api/sql?q=\(query)\(more)", method: .get, headers: headers)
        }
    }

    @Test("an answer is JSON with numbers as numbers")
    func json() async throws {
        let answer = try await get("SELECT name, start, duration / 1e3 AS us, parent_id, x'00FF' AS b FROM spans")
        #expect(answer.status == .ok)
        #expect(answer.headers[.contentType] == "application/json")
        #expect(
            answer.text == #"{"columns":["name","start","us","parent_id","b"],"#
                + #""rows":[["say \"hi\", all",1700000000000000001,1.5,null,"AP8="]],"truncated":false}"#
        )
    }

    @Test("a client that accepts CSV gets CSV, and is told when there is more")
    func csv() async throws {
        let statement = "SELECT name, duration, parent_id FROM spans UNION ALL SELECT 1, 2, 3"
        let answer = try await get(statement, headers: [.accept: "text/csv"])
        #expect(answer.headers[.contentType] == "text/csv; charset=utf-8")
        #expect(answer.text == "name,duration,parent_id\r\n\"say \"\"hi\"\", all\",1500,\r\n1,2,3\r\n")
        let more = try #require(HTTPField.Name("Wingbeat-Truncated"))
        #expect(answer.headers[more] == nil)
        #expect(try await get(statement, "&limit=1", headers: [.accept: "text/csv"]).headers[more] == "true")
    }

    @Test("a mistake is the client's, and told with its place")
    func mistakes() async throws {
        let answer = try await get("SELECT nothing FROM spans")
        #expect(answer.status == .badRequest)
        #expect(answer.text == "no such column: nothing (at byte 7)")
        #expect(try await get("").text == "q is required")
        #expect(try await get("SELECT 1", "&limit=0").text == "limit=0 is not between 1 and 100000")
        #expect(try await get("DELETE FROM spans").status == .badRequest)
    }

    @Test("a storage without SQL says so")
    func notImplemented() async throws {
        let answer = try await ServerUnderTest().get("/api/sql?q=SELECT+1")
        #expect(answer.status == .notImplemented)
        #expect(answer.text == "this storage answers no SQL")
    }
}
