// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatUI
import HTTPTypes
import Hummingbird
import NIOCore

/// Serves the page and its files, which are part of the binary.
struct CollectorPage: Sendable {
    private struct Asset: Sendable {
        let contentType: String
        let body: ByteBuffer
        let tag: String
    }

    private static let contentSecurityPolicy = """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    private let assets: [String: Asset]

    init() {
        var assets: [String: Asset] = [:]
        for index in 0..<wingbeat_asset_count() {
            guard let file = wingbeat_asset_at(index)?.pointee else { continue }
            let bytes = UnsafeRawBufferPointer(start: file.bytes, count: file.length)
            assets[String(cString: file.name)] = Asset(
                contentType: String(cString: file.content_type),
                body: ByteBuffer(bytes: bytes),
                tag: "\"\(Self.fingerprint(of: bytes))\""
            )
        }
        self.assets = assets
    }

    func add(to router: Router<BasicRequestContext>) {
        router.get("/") { request, _ in try answer(request, "index.html") }
        router.get("/ui/**") { request, context in
            try answer(request, context.parameters.getCatchAll().joined(separator: "/"))
        }
        // Where Zipkin has its page; with or without a slash at its end.
        router.get("/zipkin") { request, _ in
            let isFolder = request.uri.path.hasSuffix("/")
            return Response(status: .found, headers: [.location: isFolder ? "../" : "./"])
        }
        // The links of Zipkin's page, also where the base path is in the place of /zipkin.
        for (prefix, page, above) in [("/zipkin", "../", "../../"), ("", "./", "../")] {
            router.get("\(prefix)/dependency") { _, _ in
                Response(status: .found, headers: [.location: "\(page)#/dependencies"])
            }
            router.get("\(prefix)/traces/{traceId}") { _, context in
                let id = try ZipkinTraceID.parse(context.parameters.get("traceId") ?? "")
                return Response(status: .found, headers: [.location: "\(above)#/trace/\(id)"])
            }
        }
    }

    /// Names of files carry no version, so browsers ask each time whether theirs is still the one.
    private func answer(_ request: Request, _ name: String) throws -> Response {
        guard let asset = assets[name] else { throw RequestError(.notFound, "there is no file \(name.prefix(100))") }
        let headers: HTTPFields = [
            .contentType: asset.contentType,
            .cacheControl: "no-cache",
            .eTag: asset.tag,
            .contentSecurityPolicy: Self.contentSecurityPolicy,
            .xContentTypeOptions: "nosniff",
        ]
        if request.headers[.ifNoneMatch] == asset.tag { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: asset.body))
    }

    /// FNV-1a, 64 bits: tells one version of a file from another.
    private static func fingerprint(of bytes: UnsafeRawBufferPointer) -> String {
        String(bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 16)
    }
}
