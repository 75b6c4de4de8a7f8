// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore
import WingbeatCompression

extension Request {
    /// The body of a post of spans, inflated where it is compressed.
    func spanBody(within limits: CollectorServer.Configuration) async throws -> [UInt8] {
        let bytes = try await collect(upTo: limits.maximumBodyBytes)
        guard let encoding = headers[.contentEncoding]?.lowercased(), encoding != "identity" else { return bytes }
        guard encoding.contains("gzip") else {
            throw RequestError(.unsupportedMediaType, "Content-Encoding \(encoding) is not known; send gzip or none")
        }
        do throws(CompressionError) {
            return try Gzip.decompress(bytes, limit: limits.maximumInflatedBytes)
        } catch {
            guard case .tooLarge(let limit) = error else { throw RequestError(.badRequest, "Cannot gunzip spans") }
            throw RequestError(.contentTooLarge, "The body inflates to more than \(limit) bytes")
        }
    }

    private func collect(upTo limit: Int) async throws -> [UInt8] {
        let tooLarge = RequestError(.contentTooLarge, "The body is larger than \(limit) bytes")
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        do {
            return Array(buffer: try await body.collect(upTo: limit))
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
    }
}
