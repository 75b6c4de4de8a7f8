// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCompression
public import WingbeatMetrics

/// Answers a scrape, whatever serves HTTP: give it the request's headers, send what it returns.
public struct PrometheusEndpoint: Sendable {
    /// The answer to a scrape.
    public struct Response: Sendable {
        /// The body.
        public let body: [UInt8]
        /// The value of `Content-Type`.
        public let contentType: String
        /// The value of `Content-Encoding`; nil when the body is not compressed.
        public let contentEncoding: String?
    }

    private let registry: MetricRegistry
    private let encoder = PrometheusTextEncoder()

    /// An endpoint that reads the registry at each scrape.
    public init(registry: MetricRegistry) {
        self.registry = registry
    }

    /// Reads the registry.
    ///
    /// - Parameter acceptEncoding: the request's `Accept-Encoding`; with `gzip` in it the body is compressed.
    public func respond(acceptEncoding: String?) -> Response {
        let text = encoder.encode(registry.snapshot())
        let contentType = PrometheusTextEncoder.contentType
        if let acceptEncoding, acceptsGzip(acceptEncoding), let body = try? Gzip.compress(text) {
            return Response(body: body, contentType: contentType, contentEncoding: "gzip")
        }
        return Response(body: text, contentType: contentType, contentEncoding: nil)
    }

    /// `gzip` with a weight that is not zero, or, where `gzip` is not named, `*` with one (RFC 9110, section 12.5.3).
    private func acceptsGzip(_ header: String) -> Bool {
        var acceptsAny = false
        for part in header.lowercased().split(separator: ",") {
            let fields = part.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            let weight = fields.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) }
            if fields.first == "gzip" { return weight != 0 }
            if fields.first == "*" { acceptsAny = weight != 0 }
        }
        return acceptsAny
    }
}
