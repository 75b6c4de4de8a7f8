// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

/// A search for traces with Jaeger's criteria: one span must meet all of them.
///
/// That is more than a ``TraceQuery`` says, whose criteria different spans of a service may meet, and it knows tags that
/// Zipkin does not have (``JaegerMapping``). So the store is asked for what it can tell, page by page, and what it finds
/// is looked through. Names are compared without regard to case, and a `*` in the value of a tag stands for any text.
///
/// The window is that of the trace's start, where Jaeger takes any of its spans'. The durations are of the span, as in
/// Jaeger, though its list shows those of traces. Fields of events are not searched: no index has them.
struct JaegerSearch {
    let service: String?
    let operation: String?
    let tags: [String: String]
    /// Of the span, in nanoseconds.
    let durations: ClosedRange<UInt64>?
    /// Microseconds since 1970.
    let window: ClosedRange<Int64>
    let limit: Int

    /// What was found, newest first.
    struct Result {
        var traces: [[SpanRecord]] = []
        /// Why there may be more; nil when there is none.
        var notice: String?
    }

    /// - Parameter limits: `maximumTraces` is how many traces are looked at, `maximumAnswerSpans` how many spans those that
    ///   are found may have together; the store was told the latter, too.
    func run(on store: any TraceReader, within limits: CollectorServer.Configuration) async throws -> Result {
        var result = Result()
        var seen: Set<TraceID> = []
        var room = limits.maximumAnswerSpans
        var end = window.upperBound
        var page = min(limit, limits.maximumTraces)
        while end >= window.lowerBound {
            let traces = try await store.traces(matching: query(until: end, limit: page))
            for trace in traces {
                guard let id = trace.first?.traceID, seen.insert(id).inserted, matches(trace) else { continue }
                room -= trace.count
                guard room >= 0 || result.traces.isEmpty else {
                    return result.cut("with \(limits.maximumAnswerSpans) spans")
                }
                result.traces.append(trace)
                if result.traces.count == limit { return result }
            }
            let isCut = traces.reduce(0) { $0 + $1.count } >= limits.maximumAnswerSpans
            guard traces.count >= page || isCut else { return result }
            let oldest = traces.compactMap(TraceQuery.timestamp).min() ?? end
            let isStuck = oldest >= end
            guard seen.count < limits.maximumTraces, !isStuck || isCut || page < limits.maximumTraces else {
                return result.cut("after looking at \(limits.maximumTraces) traces")
            }
            if !isStuck {
                end = oldest
            } else if isCut {
                end -= 1  // what else began in this microsecond does not fit beside what came
            } else {
                page = min(page * 2, limits.maximumTraces)
            }
        }
        return result
    }

    /// What the store can tell: every trace that matches this search matches that query.
    private func query(until end: Int64, limit: Int) -> TraceQuery {
        var annotations: [String: String] = [:]
        for (key, value) in tags where !JaegerMapping.derivedKeys.contains(key) {
            annotations[key] = value.contains("*") ? "" : value
        }
        if tags["error"] == "true" { annotations["error"] = "" }
        return TraceQuery(
            serviceName: service,
            spanName: operation,
            annotations: annotations,
            durations: durations.map { $0.lowerBound / 1000...$0.upperBound / 1000 },
            window: window.lowerBound...end,
            limit: limit
        )
    }

    private func matches(_ trace: [SpanRecord]) -> Bool {
        trace.contains(where: matches)
    }

    private func matches(_ span: SpanRecord) -> Bool {
        if let service, span.serviceName?.lowercased() != service.lowercased() { return false }
        if let operation, span.name.lowercased() != operation.lowercased() { return false }
        if let durations, !durations.contains(span.durationNanoseconds) { return false }
        guard !tags.isEmpty else { return true }
        let own = JaegerMapping.tags(of: span) + JaegerMapping.processTags(of: span)
        return tags.allSatisfy { key, pattern in
            own.contains { $0.key == key && Wildcard.matches($0.value.description, pattern) }
        }
    }
}

extension JaegerSearch.Result {
    /// The same with a sentence that says where the search stopped.
    fileprivate func cut(_ reason: String) -> Self {
        var result = self
        result.notice = "stopped \(reason); there may be more in the time before: narrow the search down"
        return result
    }
}

/// Texts in which a `*` stands for any text.
enum Wildcard {
    /// Takes the first place for each part, and the end for the last one: there is nothing to try again.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        let parts = pattern.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return text == pattern }
        var rest = text.utf8[...]
        guard rest.starts(with: first) else { return false }
        rest = rest.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
    }
}
