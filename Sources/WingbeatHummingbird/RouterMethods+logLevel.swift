// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore
import Wingbeat

extension RouterMethods {
    /// Tells the level of a pipeline, and changes it.
    func addLogLevel(_ pipeline: LogPipeline, _ path: String) {
        get(RouterPath(path)) { _, _ in "\(pipeline.level)\n" }
        put(RouterPath(path)) { request, _ in
            guard let text = try? await request.body.collect(upTo: 64), let level = level(String(buffer: text)) else {
                let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
                return answer(.badRequest, "The body must be one of \(names).")
            }
            pipeline.level = level
            return answer(.ok, "\(level)")
        }
    }
}

/// A line of text.
func answer(_ status: HTTPResponse.Status, _ text: String) -> Response {
    Response(status: status, body: ResponseBody(byteBuffer: ByteBuffer(string: text + "\n")))
}

private func level(_ text: String) -> Logger.Level? {
    let words = text.lowercased().split(whereSeparator: \.isWhitespace)
    return words.count == 1 ? Logger.Level(rawValue: String(words[0])) : nil
}
