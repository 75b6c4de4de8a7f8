// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import WingbeatBytes
import WingbeatSpanCodecs

/// Why a collector did not do what it was asked.
package enum CollectorFailure: Error, Sendable, CustomStringConvertible {
    /// Nobody answers at the address, or not in time.
    case away(String)
    /// It answered with a status that is no success.
    case refused(status: Int, message: String)
    /// Its answer cannot be read.
    case malformed(String)

    /// A sentence.
    package var description: String {
        switch self {
        case .away(let reason): reason
        case .refused(let status, let message): "the collector answers \(status): \(message)"
        case .malformed(let reason): reason
        }
    }
}

/// Talks to a running collector over HTTP.
package struct CollectorClient: Sendable {
    private static let largestAnswer = 1024 * 1024 * 1024
    private let url: String
    /// Lives as long as the process. A collector that is not there is told of at once, not tried until time is over.
    private static let http: HTTPClient = {
        var options = HTTPClient.Configuration.singletonConfiguration
        options.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: options)
    }()
    private let timeout: TimeAmount

    /// - Parameter url: such as `http://127.0.0.1:9411`; a path in front of the API may follow.
    package init(url: String, timeout: Duration = .seconds(60)) {
        self.url = String(url.reversed().drop { $0 == "/" }.reversed())
        self.timeout = .seconds(timeout.components.seconds)
    }

    /// The body of a success; nil for 404.
    package func get(_ path: String, _ parameters: [(String, String)] = []) async throws(CollectorFailure) -> [UInt8]? {
        try await getNoticing(path, parameters)?.body
    }

    /// The body of a success, and whether all is in it that was asked for; nil for 404.
    package func getNoticing(
        _ path: String,
        _ parameters: [(String, String)]
    ) async throws(CollectorFailure) -> (body: [UInt8], isWhole: Bool)? {
        let (status, headers, body) = try await send(HTTPClientRequest(url: address(path, parameters)))
        return status == 404 ? nil : (try accepted(status, body), !headers.contains(name: "wingbeat-truncated"))
    }

    /// Posts a body and returns that of the answer.
    package func post(_ body: [UInt8], to path: String, as type: String) async throws(CollectorFailure) -> [UInt8] {
        var request = HTTPClientRequest(url: address(path, []))
        request.method = .POST
        request.headers.add(name: "content-type", value: type)
        request.body = .bytes(ByteBuffer(bytes: body))
        let (status, _, answer) = try await send(request)
        return try accepted(status, answer)
    }

    /// Calls the body with each line of an answer that goes on and on, until the collector ends it or the body says
    /// that it is enough.
    package func lines(
        _ path: String,
        _ parameters: [(String, String)],
        _ body: (String) -> Bool
    ) async throws(CollectorFailure) {
        do {
            let request = HTTPClientRequest(url: address(path, parameters))
            let response = try await Self.http.execute(request, deadline: .distantFuture)
            guard response.status == .ok else {
                let answer = try await response.body.collect(upTo: 65536)
                let message = Self.message(Array(answer.readableBytesView))
                throw CollectorFailure.refused(status: Int(response.status.code), message: message)
            }
            var rest: [UInt8] = []
            for try await part in response.body {
                rest += part.readableBytesView
                guard pass(&rest, to: body) else { return }
            }
        } catch {
            throw (error as? CollectorFailure) ?? away(error)
        }
    }

    /// Takes whole lines from the bytes; a line of more than 16 MiB is cut.
    private func pass(_ bytes: inout [UInt8], to body: (String) -> Bool) -> Bool {
        while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: bytes[..<end], as: UTF8.self)
            bytes.removeFirst(end + 1)
            guard body(line) else { return false }
        }
        if bytes.count > 16 * 1024 * 1024 { bytes = [] }
        return true
    }

    private func send(_ request: HTTPClientRequest) async throws(CollectorFailure) -> (Int, HTTPHeaders, [UInt8]) {
        do {
            let response = try await Self.http.execute(request, timeout: timeout)
            let body = try await response.body.collect(upTo: Self.largestAnswer)
            return (Int(response.status.code), response.headers, Array(body.readableBytesView))
        } catch is NIOTooManyBytesError {
            throw .malformed("the answer has more than \(Self.largestAnswer) bytes; ask for less")
        } catch {
            throw away(error)
        }
    }

    private func accepted(_ status: Int, _ body: [UInt8]) throws(CollectorFailure) -> [UInt8] {
        guard 200..<300 ~= status else { throw .refused(status: status, message: Self.message(body)) }
        return body
    }

    /// The sentence in an answer of Jaeger's API, of OTLP's, or in plain text.
    private static func message(_ body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(2000), as: UTF8.self)
        guard let json = try? JSONValue(body) else { return text }
        if let mistake = json["error"]?.string, let place = json["position"]?.integer {
            return "\(mistake) (at character \(place &+ 1))"
        }
        return json["errors"]?.elements.first?["msg"]?.string ?? json["error"]?["message"]?.string
            ?? json["error"]?.string ?? json["message"]?.string ?? text
    }

    private func away(_ error: any Error) -> CollectorFailure {
        let reason = "\(error)".contains("imeout") ? "it does not answer in time" : "nobody answers there"
        return .away(
            "no collector at \(url): \(reason); start one with `wingbeat collector` or name it with --collector"
        )
    }

    private func address(_ path: String, _ parameters: [(String, String)]) -> String {
        var bytes = Array((url + path).utf8)
        for (index, (name, value)) in parameters.enumerated() {
            bytes.append(UInt8(ascii: index == 0 ? "?" : "&"))
            bytes.append(percentEncoded: name)
            bytes.append(UInt8(ascii: "="))
            bytes.append(percentEncoded: value)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
