// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

/// The parameters of Jaeger's query service, refused in its words where they make no sense.
struct JaegerParameters {
    private let parameters: QueryParameters
    /// Nanoseconds since 1970.
    private let now = unixNanoseconds()

    init(_ parameters: QueryParameters) {
        self.parameters = parameters
    }

    /// The search that `GET /api/traces` asks for.
    ///
    /// - Parameter largestLimit: more traces are not given to anyone.
    func search(largestLimit: Int) throws(RequestError) -> JaegerSearch {
        let window = try window()
        let limit = try integer("limit") ?? 100
        guard limit > 0 else { throw Self.unreadable("limit", "\(limit) is not positive") }
        let durations = try durations()
        let tags = try tags()
        guard let service = parameters["service"] else {
            throw RequestError(.badRequest, "parameter 'service' is required")
        }
        return JaegerSearch(
            service: service,
            operation: parameters["operation"],
            tags: tags,
            durations: durations,
            window: window,
            limit: Int(min(limit, Int64(largestLimit)))
        )
    }

    /// The ids of `traceID`, which may be repeated.
    func traceIDs() throws(RequestError) -> [TraceID] {
        var ids: [TraceID] = []
        for text in parameters.all("traceID") { ids.append(try Self.traceID(text)) }
        return ids
    }

    static func traceID(_ text: String) throws(RequestError) -> TraceID {
        guard let id = TraceID(hex: text) else {
            throw unreadable("traceID", "\(text.prefix(40)) is not 1 to 32 hexadecimal digits, not all zeros")
        }
        return id
    }

    /// The last `lookback` milliseconds before `endTs`, in microseconds since 1970.
    func window(lookback: Int64) throws(RequestError) -> ClosedRange<Int64> {
        let end = try integer("endTs") ?? Int64(now / 1_000_000) + 1
        let lookback = try integer("lookback") ?? lookback
        do {
            return try TraceQuery.window(endTs: end, lookback: lookback)
        } catch {
            throw Self.unreadable(end > 0 ? "lookback" : "endTs", error.description)
        }
    }

    func integer(_ name: String) throws(RequestError) -> Int64? {
        guard let text = parameters[name] else { return nil }
        guard let value = Int64(text) else {
            throw Self.unreadable(name, "\(text.prefix(40)) is not a whole number of 64 bits")
        }
        return value
    }

    static func unreadable(_ name: String, _ reason: String) -> RequestError {
        RequestError(.badRequest, "unable to parse param '\(name)': \(reason)")
    }

    /// From `start` to `end`, in microseconds; the last two days where nothing is said. An end before the start finds
    /// nothing, as in Jaeger.
    private func window() throws(RequestError) -> ClosedRange<Int64> {
        let now = Int64(now / 1000)
        let end = try integer("end") ?? now + 1000
        let start = try integer("start") ?? now - 2 * 86_400_000_000
        return max(start, 0) <= end ? max(start, 0)...end : 0...0
    }

    private func durations() throws(RequestError) -> ClosedRange<UInt64>? {
        let shortest = try duration("minDuration")
        let longest = try duration("maxDuration")
        if let shortest, let longest, longest < shortest {
            throw RequestError(.badRequest, "'maxDuration' should be greater than 'minDuration'")
        }
        guard shortest != nil || longest != nil else { return nil }
        return (shortest ?? 0)...(longest ?? .max)
    }

    private func duration(_ name: String) throws(RequestError) -> UInt64? {
        guard let text = parameters[name] else { return nil }
        guard let duration = TimeText.nanoseconds(text) else {
            throw Self.unreadable(name, "\(text.prefix(40)) is not a duration such as 1.2s, 100ms or 500us")
        }
        return duration == 0 ? nil : duration
    }

    /// Those of `tag`, and over them those of `tags`.
    private func tags() throws(RequestError) -> [String: String] {
        var tags: [String: String] = [:]
        for tag in parameters.all("tag") {
            let parts = tag.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                let received = tag.prefix(200)
                throw RequestError(.badRequest, "malformed 'tag' parameter, expecting key:value, received: \(received)")
            }
            tags[String(parts[0])] = String(parts[1])
        }
        for json in parameters.all("tags") {
            do {
                tags.merge(try Self.tags(json: json)) { $1 }
            } catch {
                throw RequestError(.badRequest, "malformed 'tags' parameter, cannot unmarshal JSON: \(error)")
            }
        }
        return tags
    }

    /// The texts of a JSON object.
    static func tags(json: String) throws(SpanDecodingError) -> [String: String] {
        let document = try JSONValue(Array(json.utf8))
        guard case .object(let members) = document else { throw SpanDecodingError("it is no object") }
        var tags: [String: String] = [:]
        for member in members {
            guard let text = member.value.string else { throw SpanDecodingError("\(member.name) is no string") }
            tags[member.name] = text
        }
        return tags
    }
}
