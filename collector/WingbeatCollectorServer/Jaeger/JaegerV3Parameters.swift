// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import WingbeatBytes
import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

/// The parameters of version 3 of Jaeger's API, in camel case or in the older snake case.
struct JaegerV3Parameters {
    private let parameters: QueryParameters

    init(_ parameters: QueryParameters) {
        self.parameters = parameters
    }

    /// The search that `GET /api/v3/traces` asks for.
    ///
    /// - Parameter largestLimit: more traces are not given to anyone.
    func search(largestLimit: Int) throws(RequestError) -> JaegerSearch {
        guard parameters["query.filter"] == nil else {
            throw RequestError(.badRequest, "query.filter is not supported; use query.attributes")
        }
        return JaegerSearch(
            service: value("serviceName")?.text,
            operation: value("operationName")?.text,
            tags: try attributes(),
            durations: try durations(),
            window: try window(),
            limit: min(try limit(), largestLimit)
        )
    }

    /// Hexadecimal digits, or 16 bytes in Base64.
    static func traceID(_ text: String) throws(RequestError) -> TraceID {
        let text = Substring(text).percentDecoded() ?? text
        if let id = TraceID(hex: text) { return id }
        guard let bytes = [UInt8](base64: text), bytes.count == 16,
            let id = TraceID(high: bytes[..<8].bigEndian, low: bytes[8...].bigEndian)
        else {
            throw malformed("trace_id", "\(text.prefix(40)) is neither hexadecimal digits nor 16 bytes in Base64")
        }
        return id
    }

    private func value(_ name: String) -> (name: String, text: String)? {
        let snake = name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
        for name in ["query.\(name)", "query.\(snake)"] {
            if let text = parameters[name] { return (name, text) }
        }
        return nil
    }

    private func window() throws(RequestError) -> ClosedRange<Int64> {
        guard let start = try time("startTimeMin"), let end = try time("startTimeMax") else {
            throw RequestError(.badRequest, "query.startTimeMin and query.startTimeMax are required")
        }
        return start <= end ? start...end : 0...0
    }

    /// Microseconds since 1970.
    private func time(_ name: String) throws(RequestError) -> Int64? {
        guard let (name, text) = value(name) else { return nil }
        guard let time = TimeText.unixNanoseconds(rfc3339: text) else {
            throw Self.malformed(name, "\(text.prefix(40)) is not a time such as 2026-01-02T03:04:05.678Z")
        }
        return Int64(time / 1000)
    }

    private func durations() throws(RequestError) -> ClosedRange<UInt64>? {
        let shortest = try duration("durationMin")
        let longest = try duration("durationMax")
        guard shortest != nil || longest != nil else { return nil }
        guard shortest ?? 0 <= longest ?? .max else {
            throw RequestError(.badRequest, "query.durationMax is less than query.durationMin")
        }
        return (shortest ?? 0)...(longest ?? .max)
    }

    private func duration(_ name: String) throws(RequestError) -> UInt64? {
        guard let (name, text) = value(name) else { return nil }
        guard let duration = TimeText.nanoseconds(text) else {
            throw Self.malformed(name, "\(text.prefix(40)) is not a duration such as 1.2s, 100ms or 500us")
        }
        return duration == 0 ? nil : duration
    }

    private func attributes() throws(RequestError) -> [String: String] {
        guard let json = parameters["query.attributes"] else { return [:] }
        do {
            return try JaegerParameters.tags(json: json)
        } catch {
            throw Self.malformed("query.attributes", error.description)
        }
    }

    private func limit() throws(RequestError) -> Int {
        guard
            let (name, text) = value("searchDepth") ?? parameters["query.num_traces"].map({ ("query.num_traces", $0) })
        else { return 100 }
        guard let limit = UInt32(text), limit > 0 else {
            throw Self.malformed(name, "\(text.prefix(40)) is not a whole number from 1 to 4294967295")
        }
        return Int(limit)
    }

    private static func malformed(_ name: String, _ reason: String) -> RequestError {
        RequestError(.badRequest, "malformed parameter \(name): \(reason)")
    }
}

extension Collection<UInt8> {
    fileprivate var bigEndian: UInt64 { reduce(0) { $0 << 8 | UInt64($1) } }
}
