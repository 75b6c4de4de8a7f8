// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHPACK

/// What the first headers of a call say.
struct GRPCCall {
    let path: String
    let encoding: ContentEncoding
    /// How long the client waits; nil for as long as it takes.
    let timeout: TimeAmount?

    /// Why a stream of HTTP/2 is no call that can be answered.
    enum Refusal: Error {
        /// It is no gRPC at all: answered in plain HTTP.
        case notGRPC
        /// It is gRPC, and is told so.
        case status(GRPCStatus)
    }

    init(_ headers: HPACKHeaders) throws(Refusal) {
        let type = headers.first(name: "content-type")?.lowercased() ?? ""
        guard headers.first(name: ":method") == "POST", type.hasPrefix("application/grpc") else { throw .notGRPC }
        guard Self.isProtobuf(type) else {
            throw .status(GRPCStatus(.unimplemented, "\(type.prefix(100)) is not known; send application/grpc+proto"))
        }
        path = headers.first(name: ":path") ?? ""
        let name = headers.first(name: "grpc-encoding") ?? "identity"
        guard let encoding = ContentEncoding(rawValue: name.lowercased()) else {
            let known = ContentEncoding.known.joined(separator: ", ")
            throw .status(GRPCStatus(.unimplemented, "grpc-encoding \(name.prefix(100)) is not known; send \(known)"))
        }
        self.encoding = encoding
        timeout = try Self.timeout(headers)
    }

    private static func isProtobuf(_ type: String) -> Bool {
        let rest = type.dropFirst("application/grpc".count)
        return rest.isEmpty || rest.hasPrefix(";") || rest == "+proto" || rest.hasPrefix("+proto;")
    }

    /// `grpc-timeout`: up to eight digits and a unit.
    private static func timeout(_ headers: HPACKHeaders) throws(Refusal) -> TimeAmount? {
        guard let text = headers.first(name: "grpc-timeout") else { return nil }
        let digits = text.dropLast()
        let isNumber = (1...8).contains(digits.utf8.count) && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isNumber, let count = Int64(digits), let unit = text.last.flatMap({ units[$0] }) else {
            throw .status(GRPCStatus(.invalidArgument, "grpc-timeout \(text.prefix(20)) is not like 500m or 10S"))
        }
        let (nanoseconds, isForever) = count.multipliedReportingOverflow(by: unit)
        return isForever ? nil : .nanoseconds(nanoseconds)
    }

    /// Nanoseconds.
    private static let units: [Character: Int64] = [
        "H": 3_600_000_000_000, "M": 60_000_000_000, "S": 1_000_000_000, "m": 1_000_000, "u": 1000, "n": 1,
    ]
}
