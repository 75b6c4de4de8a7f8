// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import WingbeatBytes

/// Talks to one server through its HTTP interface.
///
/// Source: ClickHouse documentation, "HTTP interface".
struct ClickHouseHost: Sendable {
    /// The most bytes of an answer that are taken.
    static let largestAnswer = 256 << 20

    private let client: HTTPClient
    private let base: String
    private let user: String
    private let password: String

    init(_ host: ClickHouseAddress.Host, of address: ClickHouseAddress, client: HTTPClient) {
        self.client = client
        base = "http\(address.isEncrypted ? "s" : "")://\(host.name):\(host.port)/"
        user = address.user
        password = address.password
    }

    /// Runs a statement.
    ///
    /// - Parameters:
    ///   - statement: goes into the URL when there is a body, else it is the body.
    ///   - body: what to insert.
    ///   - settings: settings of ClickHouse for this statement.
    ///   - timeout: for all of it, until the answer is there.
    func run(
        _ statement: String,
        body: [UInt8]? = nil,
        settings: [(name: String, value: String)] = [],
        timeout: Duration
    ) async throws -> [UInt8] {
        var parameters = settings
        // The status tells of failures only when the server holds the answer back until it is whole.
        parameters.append(("wait_end_of_query", "1"))
        if body != nil { parameters.append(("query", statement)) }
        var request = HTTPClientRequest(url: base + Self.query(parameters))
        request.method = .POST
        request.headers.add(name: "X-ClickHouse-User", value: user)
        if !password.isEmpty { request.headers.add(name: "X-ClickHouse-Key", value: password) }
        request.body = .bytes(ByteBuffer(bytes: body ?? Array(statement.utf8)))
        return try await answer(to: request, timeout: timeout)
    }

    private func answer(to request: HTTPClientRequest, timeout: Duration) async throws -> [UInt8] {
        do {
            let response = try await client.execute(request, timeout: TimeAmount(timeout))
            let buffer = try await response.body.collect(upTo: Self.largestAnswer)
            guard response.status != .ok else { return Array(buffer.readableBytesView) }
            throw Self.failure(status: response.status, buffer)
        } catch let error as ClickHouseFailure {
            throw error
        } catch let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout {
            throw ClickHouseFailure.timeout
        } catch is NIOTooManyBytesError {
            throw ClickHouseFailure.tooLarge(limit: Self.largestAnswer)
        } catch {
            if Task.isCancelled { throw CancellationError() }
            throw ClickHouseFailure.unreachable("\(base): \(error)")
        }
    }

    /// The server's own words: `Code: 62, e.displayText() = …`.
    private static func failure(status: HTTPResponseStatus, _ body: ByteBuffer) -> ClickHouseFailure {
        let text = String(decoding: body.readableBytesView.prefix(500), as: UTF8.self)
        let code = text.firstRange(of: "Code: ").flatMap { range in
            Int(text[range.upperBound...].prefix { $0.isNumber })
        }
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        return .refused(code: code ?? 0, line.isEmpty ? "status \(status.code)" : line)
    }

    private static func query(_ parameters: [(name: String, value: String)]) -> String {
        var query: [UInt8] = []
        for (name, value) in parameters {
            query.append(query.isEmpty ? UInt8(ascii: "?") : UInt8(ascii: "&"))
            query.append(contentsOf: name.utf8)
            query.append(UInt8(ascii: "="))
            query.append(percentEncoded: value)
        }
        return String(decoding: query, as: UTF8.self)
    }
}
