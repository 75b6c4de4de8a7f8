// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCompression
public import WingbeatMetrics

/// Answers a scrape, whatever serves HTTP: give it the request's headers, send what it returns.
///
/// The format is the one that `Accept` welcomes most: the text format 0.0.4, OpenMetrics 1.0 or protobuf. Prometheus
/// asks for OpenMetrics by itself, and for protobuf when it keeps native histograms.
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

    /// An endpoint that reads the registry at each scrape.
    public init(registry: MetricRegistry) {
        self.registry = registry
    }

    /// Reads the registry.
    ///
    /// - Parameters:
    ///   - accept: the request's `Accept`; without one, or with one that names no format of Prometheus, the answer is
    ///     in the text format 0.0.4.
    ///   - acceptEncoding: the request's `Accept-Encoding`; with `gzip` in it the body is compressed.
    public func respond(accept: String?, acceptEncoding: String?) -> Response {
        let encoder = OfferedFormat.mostWelcome(accept).encoder
        var plain: [UInt8] = []
        encoder.encode(registry, into: &plain)
        if let acceptEncoding, acceptsGzip(acceptEncoding), let body = try? Gzip.compress(plain) {
            return Response(body: body, contentType: encoder.contentType, contentEncoding: "gzip")
        }
        return Response(body: plain, contentType: encoder.contentType, contentEncoding: nil)
    }

    /// `gzip` with a weight that is not zero, or, where `gzip` is not named, `*` with one (RFC 9110, section 12.5.3).
    private func acceptsGzip(_ header: String) -> Bool {
        let choices = AcceptedChoice.list(header)
        let choice = choices.first { $0.name == "gzip" } ?? choices.last { $0.name == "*" }
        return (choice?.weight ?? 0) > 0
    }
}
