// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import WingbeatBytes
import WingbeatCollector
import WingbeatModel

/// `GET /api/sql?q=...`: read-only SQL over the spans, as JSON or, where the client accepts `text/csv`, as CSV.
struct SQLAPI: Sendable {
    /// The most rows that a client may ask for with `limit`.
    static let maximumRows: Int64 = 100_000

    let store: any SpanStore

    func add<Context: RequestContext>(to router: Router<Context>) {
        router.get("/api/sql") { request, _ in
            guard let sql = store as? any SpanSQL else {
                throw RequestError(.notImplemented, "this storage answers no SQL")
            }
            let parameters = try QueryParameters(request)
            let statement = try parameters.required("q")
            let answer = try await answer(sql, statement, try limits(parameters))
            guard request.headers[.accept]?.contains("text/csv") == true else {
                return Response(status: .ok, bytes: answer.json, contentType: "application/json")
            }
            var response = Response(status: .ok, bytes: answer.csv, contentType: "text/csv; charset=utf-8")
            if answer.isTruncated, let name = HTTPField.Name("Wingbeat-Truncated") { response.headers[name] = "true" }
            return response
        }
    }

    private func limits(_ parameters: QueryParameters) throws -> SQLLimits {
        var limits = SQLLimits()
        guard let rows = try parameters.integer("limit") else { return limits }
        guard (1...Self.maximumRows).contains(rows) else {
            throw RequestError(.badRequest, "limit=\(rows) is not between 1 and \(Self.maximumRows)")
        }
        limits.rows = Int(rows)
        return limits
    }

    private func answer(_ sql: any SpanSQL, _ statement: String, _ limits: SQLLimits) async throws -> SQLAnswer {
        do {
            return try await sql.answer(to: statement, limits: limits)
        } catch let mistake as SQLMistake {
            throw RequestError(.badRequest, mistake.description)
        }
    }
}

extension SQLAnswer {
    /// `{"columns":[...],"rows":[[...]],"truncated":false}`; bytes are Base64.
    var json: [UInt8] {
        var json: [UInt8] = []
        json.append(literal: "{\"columns\":")
        json.append(json: .array(columns.map { .string($0) }))
        json.append(literal: ",\"rows\":[")
        for (index, row) in rows.enumerated() {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            json.append(json: .array(row.map(\.attributeValue)))
        }
        json.append(literal: "],\"truncated\":")
        json.append(text: isTruncated ? "true}" : "false}")
        return json
    }

    /// The names and the rows as RFC 4180 has them; nothing is an empty field, bytes are Base64.
    var csv: [UInt8] {
        var csv: [UInt8] = []
        csv.append(fields: columns)
        for row in rows { csv.append(fields: row.map { $0.attributeValue.description }) }
        return csv
    }
}

extension SQLValue {
    fileprivate var attributeValue: AttributeValue {
        switch self {
        case .null: .empty
        case .integer(let number): .int(number)
        case .real(let number): .double(number)
        case .text(let text): .string(text)
        case .blob(let bytes): .bytes(bytes)
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(fields: [String]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            guard field.utf8.contains(where: { Self.quoted.contains($0) }) else {
                append(text: field)
                continue
            }
            append(UInt8(ascii: "\""))
            for byte in field.utf8 {
                if byte == UInt8(ascii: "\"") { append(byte) }
                append(byte)
            }
            append(UInt8(ascii: "\""))
        }
        append(literal: "\r\n")
    }

    private static let quoted = Set(",\"\r\n".utf8)
}
