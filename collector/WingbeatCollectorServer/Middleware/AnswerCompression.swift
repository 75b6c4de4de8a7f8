// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore
import WingbeatCompression

/// Compresses answers in text formats of more than 2 KiB for clients that accept gzip.
struct AnswerCompression<Context: RequestContext>: RouterMiddleware {
    private static var smallest: Int { 2048 }
    private static var types: [String] {
        ["application/json", "text/javascript", "application/javascript", "text/css", "image/svg+xml"]
    }

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        guard Self.isWorthIt(response) else { return response }
        response.headers[values: .vary].append("accept-encoding")
        guard request.method != .head, Self.acceptsGzip(request.headers[.acceptEncoding] ?? "") else { return response }
        let body = CollectedBody()
        try await response.body.write(CollectingWriter(body: body))
        let plain = body.bytes
        let bytes = (try? Gzip.compress(plain)) ?? plain
        if bytes.count < plain.count { response.headers[.contentEncoding] = "gzip" }
        let shortest = bytes.count < plain.count ? bytes : plain
        response.headers[.contentLength] = nil
        response.body = ResponseBody(byteBuffer: ByteBuffer(bytes: shortest))
        return response
    }

    private static func isWorthIt(_ response: Response) -> Bool {
        guard let length = response.body.contentLength, length > smallest else { return false }
        guard response.headers[.contentEncoding] == nil, let type = response.headers[.contentType] else { return false }
        return types.contains { type.lowercased().hasPrefix($0) }
    }

    /// `gzip` or `*` without a weight of zero (RFC 9110, section 12.5.3).
    private static func acceptsGzip(_ header: String) -> Bool {
        header.lowercased().split(separator: ",").contains { choice in
            let parts = choice.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            return (parts.first == "gzip" || parts.first == "*") && weight > 0
        }
    }
}

/// The bytes of a body that was written.
///
/// Sendable unchecked: only the task that collects a body uses it.
private final class CollectedBody: @unchecked Sendable {
    var bytes: [UInt8] = []
}

private struct CollectingWriter: ResponseBodyWriter {
    let body: CollectedBody

    mutating func write(_ buffer: ByteBuffer) async throws {
        body.bytes += buffer.readableBytesView
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
