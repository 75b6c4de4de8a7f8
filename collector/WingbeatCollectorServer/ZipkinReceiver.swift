// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore
import WingbeatCollector
import WingbeatCompression
import WingbeatMetrics
import WingbeatSpanCodecs

/// `POST /api/v2/spans` and `POST /api/v1/spans`: a 202 means that every span of the body survives a kill of the process.
struct ZipkinReceiver: Sendable {
    let version: ZipkinFormat.Version
    let store: any SpanStore
    let metrics: ReceiverMetrics
    let configuration: CollectorServer.Configuration

    @Sendable
    func receive(_ request: Request, _ context: some RequestContext) async throws -> Response {
        metrics.messages.increment()
        do {
            let body = try await body(of: request)
            metrics.bytes.increment(by: Int64(body.count))
            try await store(body, in: ZipkinFormat(version: version, contentType: request.headers[.contentType]))
            return Response(status: .accepted)
        } catch {
            metrics.messagesDropped.increment()
            throw error
        }
    }

    private func store(_ body: [UInt8], in format: ZipkinFormat) async throws {
        let spans = try format.decode(body)
        metrics.spans.increment(by: Int64(spans.count))
        do {
            try await store.accept(spans)
        } catch {
            metrics.spansDropped.increment(by: Int64(spans.count))
            throw error
        }
    }

    private func body(of request: Request) async throws -> [UInt8] {
        let bytes = try await collect(request)
        guard let encoding = request.headers[.contentEncoding]?.lowercased(), encoding != "identity" else {
            return bytes
        }
        guard encoding.contains("gzip") else {
            throw RequestError(.unsupportedMediaType, "Content-Encoding \(encoding) is not known; send gzip or none")
        }
        do throws(CompressionError) {
            return try Gzip.decompress(bytes, limit: configuration.maximumInflatedBytes)
        } catch {
            guard case .tooLarge(let limit) = error else { throw RequestError(.badRequest, "Cannot gunzip spans") }
            throw RequestError(.contentTooLarge, "The body inflates to more than \(limit) bytes")
        }
    }

    private func collect(_ request: Request) async throws -> [UInt8] {
        let limit = configuration.maximumBodyBytes
        let tooLarge = RequestError(.contentTooLarge, "The body is larger than \(limit) bytes")
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        do {
            return Array(buffer: try await request.body.collect(upTo: limit))
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
    }
}
