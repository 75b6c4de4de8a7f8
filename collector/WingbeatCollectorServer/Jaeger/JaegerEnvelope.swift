// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging
import WingbeatBytes
import WingbeatModel
import WingbeatSpanCodecs

/// What Jaeger's query service wraps around every answer.
enum JaegerEnvelope {
    /// Something that went wrong with an answer or a part of it.
    struct Problem {
        /// The status of HTTP; nil where only a part of the answer is missing.
        var code: Int?
        let message: String
        /// The trace that it is about; nil for all.
        var traceID: TraceID?
    }

    /// - Parameters:
    ///   - data: JSON; nil for `null`.
    ///   - total: how many names there are; zero for traces, as Jaeger has it.
    static func encode(_ data: [UInt8]?, total: Int = 0, problems: [Problem] = []) -> [UInt8] {
        var bytes = Array(#"{"data":"#.utf8)
        bytes.append(contentsOf: data ?? Array("null".utf8))
        bytes.append(literal: ",\"total\":")
        bytes.append(decimal: total)
        bytes.append(literal: ",\"limit\":0,\"offset\":0,\"errors\":")
        if problems.isEmpty {
            bytes.append(literal: "null")
        } else {
            bytes.append(jsonArray: problems) { $0.append($1) }
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ problem: JaegerEnvelope.Problem) {
        append(UInt8(ascii: "{"))
        if let code = problem.code {
            append(member: "code")
            append(decimal: code)
        }
        append(member: "msg")
        append(jsonString: problem.message)
        if let id = problem.traceID {
            append(member: "traceID")
            append(jsonString: id.hex)
        }
        append(UInt8(ascii: "}"))
    }
}

/// Answers errors as one of Jaeger's APIs has them.
struct JaegerErrors<Context: RequestContext>: RouterMiddleware {
    /// The body for a status and a sentence.
    let write: @Sendable (Int, String) -> [UInt8]

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let answer = ErrorAnswer(to: error, path: request.uri.path)
            if answer.status.code >= 500 {
                context.logger.error("\(request.method) \(request.uri.path)", metadata: ["error": .string("\(error)")])
            }
            let body = write(answer.status.code, answer.sentence)
            var response = Response(status: answer.status, bytes: body, contentType: "application/json")
            for field in answer.headers { response.headers[field.name] = field.value }
            response.headers[.xContentTypeOptions] = "nosniff"
            return response
        }
    }
}
