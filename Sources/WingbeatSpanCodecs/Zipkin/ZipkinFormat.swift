// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// The formats in which Zipkin's clients post spans.
public enum ZipkinFormat: Hashable, Sendable, CaseIterable {
    /// JSON of version 2: ``ZipkinJSONDecoder``.
    case json
    /// Protocol buffers, which are of version 2: ``ZipkinProtobufDecoder``.
    case protobuf
    /// JSON of version 1: ``ZipkinV1JSONDecoder``.
    case jsonV1
    /// Thrift, which is of version 1: ``ZipkinThriftDecoder``.
    case thrift

    /// The version of the API to which a client posts.
    public enum Version: Hashable, Sendable {
        /// `POST /api/v1/spans`.
        case v1
        /// `POST /api/v2/spans`.
        case v2
    }

    /// The format of a post: that of its `Content-Type`, or JSON where that is missing or another, as Zipkin has it.
    public init(version: Version, contentType: String?) {
        let mediaType = contentType?.prefix { $0 != ";" && $0 != " " && $0 != "\t" }.lowercased()
        switch (version, mediaType) {
        case (.v1, "application/x-thrift"): self = .thrift
        case (.v1, _): self = .jsonV1
        case (.v2, "application/x-protobuf"): self = .protobuf
        case (.v2, _): self = .json
        }
    }

    /// Reads the spans of a post; no bytes are a list without spans.
    public func decode(_ body: [UInt8]) throws(SpanDecodingError) -> [SpanRecord] {
        guard !body.isEmpty else { return [] }
        return switch self {
        case .json: try ZipkinJSONDecoder.decode(body)
        case .protobuf: try ZipkinProtobufDecoder.decode(body)
        case .jsonV1: try ZipkinV1JSONDecoder.decode(body)
        case .thrift: try ZipkinThriftDecoder.decode(body)
        }
    }
}
