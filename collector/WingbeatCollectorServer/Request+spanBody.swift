// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The body of a post of spans, inflated where it is compressed.
    ///
    /// - Parameter share: what the body takes of the collector's memory.
    func spanBody(within limits: CollectorServer.Configuration, share: BodyShare) async throws -> [UInt8] {
        let name = headers[.contentEncoding]
        guard let encoding = ContentEncoding(header: name) else {
            let sentence =
                "Content-Encoding \(name?.lowercased().prefix(100) ?? "") is not known; send gzip, deflate or none"
            throw RequestError(.unsupportedMediaType, sentence)
        }
        let bytes = try await collect(upTo: limits.maximumBodyBytes, share)
        guard encoding != .identity, !bytes.isEmpty || encoding == .gzip else { return bytes }
        let inflated = try encoding.decode(bytes, limit: limits.maximumInflatedBytes)
        try share.take(inflated.count)
        return inflated
    }

    private func collect(upTo limit: Int, _ share: BodyShare) async throws -> [UInt8] {
        let tooLarge = RequestError(.contentTooLarge, "The body is larger than \(limit) bytes")
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        var bytes: [UInt8] = []
        for try await chunk in body {
            guard bytes.count + chunk.readableBytes <= limit else { throw tooLarge }
            try share.take(chunk.readableBytes)
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        return bytes
    }
}
