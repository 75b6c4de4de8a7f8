// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization
public import WingbeatDelivery

/// Sends each message as the body of a request, a POST unless said otherwise.
///
/// The client makes no spans of its own (exporting spans must not make spans) and keeps its connections open between
/// messages. Statuses 408, 429 and 5xx, and a backend that cannot be reached, are temporary; any other status but 2xx
/// rejects the message.
public final class HTTPSender: ByteSender {
    /// Where and how to send.
    public struct Configuration: Sendable {
        /// The URL, `http` or `https`.
        public var url: String
        /// The value of `Content-Type`.
        public var contentType: String
        /// The method, such as `PUT`.
        public var method: String = "POST"
        /// Other headers, such as a token.
        public var headers: [(name: String, value: String)] = []
        /// What errors call the backend: the URL, unless that holds a secret and another name is given.
        public var name: String
        /// How long one attempt may take, from connecting to the answer.
        public var timeout: Duration = .seconds(10)

        /// A POST to the URL.
        public init(url: String, contentType: String) {
            self.url = url
            self.contentType = contentType
            name = url
        }
    }

    private let configuration: Configuration
    /// Made with the first message, so that a sender that never sends has nothing to close.
    private let client = Mutex<HTTPClient?>(nil)

    /// A sender; nothing is connected before the first message.
    public init(_ configuration: Configuration) {
        self.configuration = configuration
    }

    /// Sends the message.
    public func send(_ bytes: [UInt8]) async throws(DeliveryError) {
        let response: HTTPClientResponse
        let answer: ByteBuffer
        do {
            response = try await openClient().execute(request(bytes), timeout: TimeAmount(configuration.timeout))
            answer = (try? await response.body.collect(upTo: 65_536)) ?? ByteBuffer()
        } catch let error as HTTPClientError where Self.isMisconfigured(error) {
            throw .rejected("\(configuration.name): \(error)")
        } catch {
            throw .temporary("\(configuration.name): \(error)")
        }
        let reason = "\(configuration.name): \(response.status)\(Self.excerpt(answer))"
        switch response.status.code {
        case 200..<300: return
        case 408, 429, 500...: throw .temporary(reason, retryAfter: retryAfter(response))
        default: throw .rejected(reason)
        }
    }

    /// The beginning of what the backend answered, for a person.
    private static func excerpt(_ answer: ByteBuffer) -> String {
        let text = String(decoding: answer.readableBytesView.prefix(200), as: UTF8.self)
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.isEmpty ? "" : ": \(line)"
    }

    /// Closes the connections.
    public func close() async {
        let client = client.withLock { client in
            defer { client = nil }
            return client
        }
        try? await client?.shutdown()
    }

    private func openClient() -> HTTPClient {
        client.withLock { client in
            if let client { return client }
            var options = HTTPClient.Configuration()
            options.tracing.tracer = nil
            options.redirectConfiguration = .disallow
            options.timeout.read = TimeAmount(configuration.timeout)  // for an answer that begins but does not end
            options.connectionPool.retryConnectionEstablishment = false  // the caller retries, with its own pauses
            let new = HTTPClient(eventLoopGroupProvider: .singleton, configuration: options)
            client = new
            return new
        }
    }

    /// Trying again does not mend the URL.
    private static func isMisconfigured(_ error: HTTPClientError) -> Bool {
        [.invalidURL, .emptyHost, .emptyScheme].contains(error)
    }

    private func request(_ bytes: [UInt8]) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: configuration.url)
        request.method = HTTPMethod(rawValue: configuration.method)
        request.headers.add(name: "Content-Type", value: configuration.contentType)
        for (name, value) in configuration.headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(bytes: bytes))
        return request
    }

    private func retryAfter(_ response: HTTPClientResponse) -> Duration? {
        response.headers.first(name: "Retry-After").flatMap { Int($0) }.map { .seconds(max($0, 0)) }
    }
}
