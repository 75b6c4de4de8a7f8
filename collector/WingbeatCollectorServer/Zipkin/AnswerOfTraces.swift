// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

/// Traces of which no more are written than an answer may hold; what is left out is said in a header.
struct AnswerOfTraces {
    private let traces: ArraySlice<[SpanRecord]>
    private let notice: String?

    /// The first traces whose spans fit together. Where a store was told the same limit it may have left out more,
    /// so that reaching it is said, too.
    init(_ traces: [[SpanRecord]], _ configuration: CollectorServer.Configuration) {
        let most = configuration.maximumAnswerSpans
        var room = most
        let fitting = traces.prefix { trace in
            room -= trace.count
            return room >= 0
        }
        self.traces = fitting
        let isWhole = fitting.count == traces.count && room > 0
        notice = isWhole ? nil : "\(fitting.count) traces; an answer may hold \(most) spans, ask for less"
    }

    var response: Response {
        Response.json(ZipkinJSONEncoder.encode(traces: Array(traces))).truncated(notice)
    }

    /// One trace, or its first spans.
    static func response(_ trace: [SpanRecord], _ configuration: CollectorServer.Configuration) -> Response {
        let most = configuration.maximumAnswerSpans
        guard trace.count > most else { return .json(ZipkinJSONEncoder.encode(trace)) }
        let notice = "\(most) of \(trace.count) spans; an answer may hold no more"
        return Response.json(ZipkinJSONEncoder.encode(Array(trace.prefix(most)))).truncated(notice)
    }
}

extension Response {
    /// With a header that says what was left out, for people.
    func truncated(_ notice: String?) -> Response {
        var response = self
        if let name = HTTPField.Name("Wingbeat-Truncated") { response.headers[name] = notice }
        return response
    }
}
