// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging
import WingbeatCollector
import WingbeatSpanCodecs

/// A request that cannot be answered as it wants, with a sentence for its sender.
struct RequestError: Error {
    let status: HTTPResponse.Status
    let message: String

    init(_ status: HTTPResponse.Status, _ message: String) {
        self.status = status
        self.message = message
    }
}

/// Answers errors as plain text with the status that fits, and notes in the log those that are not the client's.
struct PlainErrorMiddleware<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            var response = Self.response(to: error, path: request.uri.path)
            if response.status.code >= 500 {
                context.logger.error("\(request.method) \(request.uri.path)", metadata: ["error": .string("\(error)")])
            }
            response.headers[.xContentTypeOptions] = "nosniff"
            return response
        }
    }

    private static func response(to error: any Error, path: String) -> Response {
        switch error {
        case let error as RequestError:
            var response = Response(status: error.status, text: error.message)
            // Asks the client to stop; what it sends all the same is read and thrown away.
            if error.status == .contentTooLarge { response.headers[.connection] = "close" }
            return response
        case let error as SpanDecodingError:
            return Response(status: .badRequest, text: error.description)
        case let error as TraceQuery.Invalid:
            return Response(status: .badRequest, text: error.description)
        case SpanStoreError.busy:
            var response = Response(status: .tooManyRequests, text: SpanStoreError.busy.description)
            response.headers[.retryAfter] = "1"
            return response
        case let error as SpanStoreError:
            return Response(status: .serviceUnavailable, text: error.description)
        case let error as any HTTPResponseError where error.status == .notFound:
            return Response(status: .notFound, text: "there is nothing at \(path.prefix(200))")
        case let error as any HTTPResponseError:
            return Response(status: error.status, text: "\(error)")
        default:
            return Response(status: .internalServerError, text: "something went wrong; the collector's log says what")
        }
    }
}
