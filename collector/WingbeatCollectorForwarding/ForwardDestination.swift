// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatDelivery
import WingbeatDeliveryHTTP
import WingbeatModel
import WingbeatSpanCodecs

/// Where spans are forwarded to, and in which format.
public struct ForwardDestination: Hashable, Sendable {
    /// The whole URL, path included.
    public let url: String
    /// What is spoken there.
    public let format: Format

    /// A format of spans.
    public enum Format: Hashable, Sendable {
        /// OTLP/HTTP, protocol buffers.
        case otlp
        /// Zipkin v2 JSON.
        case zipkin
    }

    /// What is wrong with a destination.
    public struct Invalid: Error, Hashable, Sendable, CustomStringConvertible {
        /// A sentence for a person.
        public let description: String
    }

    /// Reads a URL: a path that ends with `/api/v2/spans` means Zipkin, one that ends with `/v1/traces` OpenTelemetry;
    /// without a path, `/v1/traces` is added, which another collector takes, too.
    public init(_ text: String) throws(Invalid) {
        let schemes = ["http://", "https://"]
        guard let scheme = schemes.first(where: text.hasPrefix) else {
            throw Invalid(description: "\(text) is no URL that begins with http:// or https://")
        }
        let rest = text.dropFirst(scheme.count)
        guard let first = rest.first, first != "/", first != ":" else {
            throw Invalid(description: "\(text) names no host")
        }
        guard !rest.contains(where: { $0 == "?" || $0 == "#" || $0 == "@" || $0.isWhitespace }) else {
            throw Invalid(description: "\(text) has more than a host, a port and a path")
        }
        let path = rest.firstIndex(of: "/").map { rest[$0...] } ?? ""
        switch path {
        case "", "/": (url, format) = (scheme + rest.prefix { $0 != "/" } + "/v1/traces", .otlp)
        case _ where path.hasSuffix("/v1/traces"): (url, format) = (text, .otlp)
        case _ where path.hasSuffix("/api/v2/spans"): (url, format) = (text, .zipkin)
        default: throw Invalid(description: "\(text) ends with neither /v1/traces nor /api/v2/spans")
        }
    }

    func encode(_ spans: some Sequence<SpanRecord>) -> [UInt8] {
        format == .otlp ? OTLPProtobufEncoder.encode(spans) : ZipkinJSONEncoder.encode(spans)
    }

    func makeSender() -> any ByteSender {
        var http = HTTPSender.Configuration(
            url: url,
            contentType: format == .otlp ? "application/x-protobuf" : "application/json"
        )
        http.isCompressed = true
        if format == .otlp {
            http.retriesAllServerErrors = false
            http.examine = { answer in Self.partialSuccess(try? OTLPResponse(protobuf: answer)) }
        }
        return HTTPSender(http)
    }

    /// An answer that cannot be read says nothing: the status says that the spans were taken.
    private static func partialSuccess(_ response: OTLPResponse?) -> DeliveryError? {
        guard let response, response.rejectedSpans != 0 else { return nil }
        return .partlyRejected(count: Int(clamping: response.rejectedSpans), response.errorMessage)
    }
}
