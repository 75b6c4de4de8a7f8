// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import WingbeatCompression

/// How the bytes of a body or a message are compressed.
enum ContentEncoding: String {
    case identity
    case gzip
    case deflate

    /// The names to tell clients.
    static let known = ["identity", "gzip", "deflate"]

    /// The encoding that a `Content-Encoding` names. As in Zipkin, whatever contains `gzip` is gzip.
    init?(header: String?) {
        guard let name = header?.lowercased(), !name.isEmpty else {
            self = .identity
            return
        }
        if name.contains("gzip") {
            self = .gzip
        } else if let encoding = ContentEncoding(rawValue: name) {
            self = encoding
        } else {
            return nil
        }
    }

    /// The bytes as they were before.
    ///
    /// - Parameter limit: the most bytes that may come out.
    func decode(_ bytes: [UInt8], limit: Int) throws(RequestError) -> [UInt8] {
        do throws(CompressionError) {
            switch self {
            case .identity: return bytes
            case .gzip: return try Gzip.decompress(bytes, limit: limit)
            case .deflate: return try Deflate.decompress(bytes, limit: limit)
            }
        } catch {
            guard case .tooLarge(let limit) = error else {
                throw RequestError(.badRequest, self == .gzip ? "Cannot gunzip spans" : "Cannot inflate spans")
            }
            throw RequestError(.contentTooLarge, "The body inflates to more than \(limit) bytes")
        }
    }
}
