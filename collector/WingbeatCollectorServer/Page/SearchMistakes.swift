// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import WingbeatBytes
import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

extension QueryParameters {
    /// A search in the language of searches; everything where nothing is said.
    func expression(_ name: String = "q") throws(SearchMistake) -> SearchExpression {
        try SearchExpression(self[name] ?? "")
    }
}

/// Answers mistakes in the language of searches as JSON, with the place, so that a page can show it.
struct SearchMistakes<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let mistake as SearchMistake {
            var bytes = Array("{".utf8)
            bytes.append(member: "error")
            bytes.append(jsonString: mistake.message)
            bytes.append(member: "position")
            bytes.append(decimal: mistake.position)
            bytes.append(UInt8(ascii: "}"))
            var response = Response(status: .badRequest, bytes: bytes, contentType: "application/json")
            response.headers[.xContentTypeOptions] = "nosniff"
            return response
        }
    }
}
