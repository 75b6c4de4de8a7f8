// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore
import Wingbeat

extension RouterMethods {
    /// Tells the share of traces that a tracer records, and changes it.
    func addSampling(_ tracer: WingbeatTracer, _ path: String) {
        get(RouterPath(path)) { _, _ in
            guard let sampler = tracer.sampler.adjustable else { return fixed }
            return answer(.ok, "\(sampler.ratio)")
        }
        put(RouterPath(path)) { request, _ in
            guard let sampler = tracer.sampler.adjustable else { return fixed }
            guard let text = try? await request.body.collect(upTo: 64), let ratio = ratio(String(buffer: text)) else {
                return answer(.badRequest, "The body must be a number from 0 to 1.")
            }
            sampler.ratio = ratio
            return answer(.ok, "\(ratio)")
        }
    }
}

private var fixed: Response { answer(.notFound, "There is no AdjustableSampler in the tracer's sampler.") }

private func ratio(_ text: String) -> Double? {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 1, let ratio = Double(words[0]), (0...1).contains(ratio) else { return nil }
    return ratio.magnitude  // -0 is 0
}
