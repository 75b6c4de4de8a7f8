// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOHPACK
import WingbeatBytes
import WingbeatCollector
import WingbeatSpanCodecs

/// How a call of gRPC ended: what its trailers say.
///
/// Source: "gRPC over HTTP2" (grpc/grpc, doc/PROTOCOL-HTTP2.md) and `google.rpc.Status`.
struct GRPCStatus: Error, Hashable {
    /// The codes of gRPC that a collector answers with.
    enum Code: Int {
        case ok = 0
        case unknown = 2
        case invalidArgument = 3
        case deadlineExceeded = 4
        case notFound = 5
        case resourceExhausted = 8
        case unimplemented = 12
        case `internal` = 13
        case unavailable = 14
    }

    let code: Code
    let message: String
    /// After how many seconds the call may be tried again; nil where the client decides itself.
    var retrySeconds: UInt64?

    static let ok = GRPCStatus(.ok, "")

    init(_ code: Code, _ message: String, retrySeconds: UInt64? = nil) {
        self.code = code
        self.message = message
        self.retrySeconds = retrySeconds
    }

    /// The status that says what an error means for the sender.
    ///
    /// OTLP: clients send again after `UNAVAILABLE`, and never what is malformed or too large.
    init(_ error: any Error) {
        switch error {
        case let error as GRPCStatus: self = error
        case let error as SpanDecodingError:
            self.init(error.isTooLarge ? .resourceExhausted : .invalidArgument, error.description)
        case SpanStoreError.busy: self.init(.unavailable, SpanStoreError.busy.description, retrySeconds: 1)
        case let error as SpanStoreError: self.init(.unavailable, error.description)
        case let error as RequestError: self.init(error)
        default: self.init(.internal, "something went wrong; the collector's log says what")
        }
    }

    private init(_ error: RequestError) {
        switch error.status {
        case .contentTooLarge: self.init(.resourceExhausted, error.message)
        case .tooManyRequests: self.init(.unavailable, error.message, retrySeconds: 1)
        case .unsupportedMediaType: self.init(.unimplemented, error.message)
        case .requestTimeout: self.init(.deadlineExceeded, error.message)
        default: self.init(.invalidArgument, error.message)
        }
    }

    /// The fields of the last block of headers.
    var trailers: HPACKHeaders {
        var fields: HPACKHeaders = ["grpc-status": "\(code.rawValue)"]
        guard self != .ok else { return fields }
        fields.add(name: "grpc-message", value: Self.encode(message))
        if let retrySeconds { fields.add(name: "grpc-status-details-bin", value: details(retrySeconds)) }
        return fields
    }

    /// Percent-encodes what is not printable ASCII, as gRPC asks; a message is cut after 1,000 bytes.
    private static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8.prefix(1000) {
            if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "%") {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A `google.rpc.Status` with a `RetryInfo`, in base 64.
    private func details(_ seconds: UInt64) -> String {
        var status: [UInt8] = []
        status.append(field: 1, varint: UInt64(code.rawValue))
        status.append(field: 2, text: message)
        status.append(field: 3) { any in
            any.append(field: 1, text: "type.googleapis.com/google.rpc.RetryInfo")
            any.append(field: 2) { info in
                info.append(field: 1) { duration in duration.append(field: 1, varint: seconds) }
            }
        }
        var text: [UInt8] = []
        text.append(base64: status)
        return String(decoding: text, as: UTF8.self)
    }
}
