// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird

/// The web sites whose scripts may use the APIs (CORS).
///
/// None by default: a collector on the own machine would else be read by any site that is open in a browser there.
/// Zipkin's default is `*`. Source of the answers: Zipkin's server (Fetch Standard, "CORS protocol").
public struct AllowedOrigins: Hashable, Sendable {
    private let origins: Set<String>

    /// Origins such as `https://example.org`; `*` for any.
    public init(_ origins: [String] = []) {
        self.origins = Set(origins.map { $0.lowercased() })
    }

    var isEmpty: Bool { origins.isEmpty }

    /// The fields that let the origin's scripts read an answer; nil when it may not.
    func fields(for origin: String) -> HTTPFields? {
        if origins.contains("*") { return [.accessControlAllowOrigin: "*"] }
        guard origins.contains(origin.lowercased()) else { return nil }
        return [.accessControlAllowOrigin: origin, .vary: "origin"]
    }
}

/// Answers what browsers ask before they let scripts of other sites send or read.
struct CORSAnswers<Context: RequestContext>: RouterMiddleware {
    let allowed: AllowedOrigins

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let origin = request.headers[.origin] else { return try await next(request, context) }
        let fields = allowed.fields(for: origin)
        if request.method == .options, request.headers[.accessControlRequestMethod] != nil { return preflight(fields) }
        var response = try await next(request, context)
        for field in fields ?? [:] { response.headers.append(field) }
        return response
    }

    private func preflight(_ fields: HTTPFields?) -> Response {
        guard var headers = fields else { return Response(status: .forbidden) }
        headers[.accessControlAllowMethods] = "GET,POST"
        headers[.accessControlAllowHeaders] = "content-type,X-GRPC-WEB"
        return Response(status: .ok, headers: headers)
    }
}
