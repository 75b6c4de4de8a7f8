// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization
import WingbeatCompression
public import WingbeatDelivery
import WingbeatModel

/// Sends each message as the body of a request, a POST unless said otherwise.
///
/// The client makes no spans of its own (exporting spans must not make spans) and keeps its connections open between
/// messages. A backend that cannot be reached, or does not answer in time, is unreachable; statuses 408, 429 and 5xx
/// are temporary; 413 says that the message is too large; any other status but 2xx rejects it.
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
        /// Whether bodies of a kilobyte and more are compressed with gzip.
        public var isCompressed = false
        /// Whether a status of 500 and above is temporary whatever it is. OpenTelemetry's protocol says that only 502,
        /// 503 and 504 are, and that with another one the message must not be sent again.
        public var retriesAllServerErrors = true
        /// Looks at the body of a 2xx answer, of at most 64 KiB: nil when the backend took everything.
        public var examine: (@Sendable ([UInt8]) -> DeliveryError?)?

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
            throw .unreachable("\(configuration.name): \(error)")
        }
        if let error = verdict(response, answer) { throw error }
    }

    private func verdict(_ response: HTTPClientResponse, _ answer: ByteBuffer) -> DeliveryError? {
        let code = response.status.code
        if (200..<300).contains(code) { return configuration.examine?(Array(answer.readableBytesView)) }
        let reason = "\(configuration.name): \(response.status)\(Self.excerpt(answer))"
        if code == 413 { return .tooLarge(reason) }
        return isTemporary(code) ? .temporary(reason, retryAfter: retryAfter(response)) : .rejected(reason)
    }

    private func isTemporary(_ code: UInt) -> Bool {
        [408, 429, 502, 503, 504].contains(code) || (code >= 500 && configuration.retriesAllServerErrors)
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
        let body = compressed(bytes)
        if let body { request.headers.add(name: "Content-Encoding", value: body.encoding) }
        request.body = .bytes(ByteBuffer(bytes: body?.bytes ?? bytes))
        return request
    }

    /// Nil where compression is off, not worth it, or fails.
    private func compressed(_ bytes: [UInt8]) -> (bytes: [UInt8], encoding: String)? {
        guard configuration.isCompressed, bytes.count >= 1024 else { return nil }
        return (try? Gzip.compress(bytes)).map { ($0, "gzip") }
    }

    private func retryAfter(_ response: HTTPClientResponse) -> Duration? {
        response.headers.first(name: "Retry-After").flatMap {
            RetryAfter.pause($0, now: unixNanoseconds() / 1_000_000_000)
        }
    }
}
