// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1
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

/// Answers errors with the status that fits, and notes in the log those that are not the client's.
struct ErrorMiddleware<Context: RequestContext>: RouterMiddleware {
    /// How a sentence for the client is written: as plain text where nothing else is said.
    var write: @Sendable (String, Request) -> (body: [UInt8], contentType: String) = { sentence, _ in
        (Array(sentence.utf8), "text/plain; charset=utf-8")
    }

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as CancellationError {
            throw error  // nobody waits for the answer any more
        } catch {
            let answer = ErrorAnswer(to: error, path: request.uri.path)
            if answer.status.code >= 500 {
                context.logger.error("\(request.method) \(request.uri.path)", metadata: ["error": .string("\(error)")])
            }
            let (body, contentType) = write(answer.sentence, request)
            var response = Response(status: answer.status, bytes: body, contentType: contentType)
            for field in answer.headers { response.headers[field.name] = field.value }
            response.headers[.xContentTypeOptions] = "nosniff"
            return response
        }
    }
}

/// What the sender of a request is told about an error.
struct ErrorAnswer {
    let status: HTTPResponse.Status
    let sentence: String
    let headers: HTTPFields

    private init(_ status: HTTPResponse.Status, _ sentence: String, _ headers: HTTPFields = [:]) {
        self.status = status
        self.sentence = sentence
        self.headers = headers
    }

    /// After a body that is too large the connection is closed; what comes until then is thrown away.
    private static func headers(_ status: HTTPResponse.Status) -> HTTPFields {
        switch status {
        case .contentTooLarge: [.connection: "close"]
        case .tooManyRequests: [.retryAfter: "1"]
        default: [:]
        }
    }

    init(to error: any Error, path: String) {
        switch error {
        case let error as RequestError:
            self.init(error.status, error.message, Self.headers(error.status))
        case let error as SpanDecodingError:
            self.init(error.isTooLarge ? .contentTooLarge : .badRequest, error.description)
        case let error as TraceQuery.Invalid: self.init(.badRequest, error.description)
        case SpanStoreError.busy:
            self.init(.tooManyRequests, SpanStoreError.busy.description, [.retryAfter: "1"])
        case let error as SpanStoreError: self.init(.serviceUnavailable, error.description)
        case is HTTPParserError: self.init(.badRequest, "the request ended before its body was whole")
        case let error as any HTTPResponseError where error.status == .notFound:
            self.init(.notFound, "there is nothing at \(path.prefix(200))")
        case let error as any HTTPResponseError: self.init(error.status, "\(error)")
        default: self.init(.internalServerError, "something went wrong; the collector's log says what")
        }
    }
}
