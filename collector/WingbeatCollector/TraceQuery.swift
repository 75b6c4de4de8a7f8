// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// A search for traces, with Zipkin's criteria.
///
/// Source: Zipkin's `QueryRequest`. A service's name says whose spans may meet the other criteria; different spans of
/// it may meet different ones. Durations are of spans, not of traces.
public struct TraceQuery: Hashable, Sendable {
    /// The service whose spans are looked at; nil for all.
    public let serviceName: String?
    /// The other side of a call of such a span.
    public let remoteServiceName: String?
    /// The name of such a span.
    public let spanName: String?
    /// What such spans must bear: a tag with the value, or, where the value is empty, a tag or an annotation of the
    /// name.
    public let annotations: [String: String]
    /// The duration in microseconds that one of the spans must have.
    public let durations: ClosedRange<UInt64>?
    /// When the trace began, in microseconds since 1970.
    public let window: ClosedRange<Int64>
    /// How many traces at most.
    public let limit: Int

    /// A criterion that makes no sense, in Zipkin's words.
    public struct Invalid: Error, Hashable, Sendable, CustomStringConvertible {
        /// What is wrong.
        public let description: String
    }

    /// - Parameters:
    ///   - serviceName: nil and the empty text mean any.
    ///   - remoteServiceName: nil and the empty text mean any.
    ///   - spanName: nil, `all` and the empty text mean any.
    ///   - annotationQuery: for example `error and http.path=/pay`.
    ///   - minDuration: microseconds.
    ///   - maxDuration: microseconds; needs `minDuration`.
    ///   - endTs: milliseconds since 1970.
    ///   - lookback: milliseconds before `endTs`.
    ///   - limit: how many traces at most.
    public init(
        serviceName: String? = nil,
        remoteServiceName: String? = nil,
        spanName: String? = nil,
        annotationQuery: String? = nil,
        minDuration: Int64? = nil,
        maxDuration: Int64? = nil,
        endTs: Int64,
        lookback: Int64,
        limit: Int = 10
    ) throws(Invalid) {
        guard limit > 0 else { throw Invalid(description: "limit <= 0") }
        self.serviceName = Self.folded(serviceName)
        self.remoteServiceName = Self.folded(remoteServiceName)
        self.spanName = Self.folded(spanName).flatMap { $0 == "all" ? nil : $0 }
        annotations = try Self.parse(annotationQuery ?? "")
        durations = try Self.durations(minDuration, maxDuration)
        window = try Self.window(endTs: endTs, lookback: lookback)
        self.limit = limit
    }

    /// The microseconds from `lookback` milliseconds before `endTs` to `endTs`, both included.
    public static func window(endTs: Int64, lookback: Int64) throws(Invalid) -> ClosedRange<Int64> {
        guard endTs > 0 else { throw Invalid(description: "endTs <= 0") }
        guard lookback > 0 else { throw Invalid(description: "lookback <= 0") }
        let latest = Int64.max / 1000
        let end = min(endTs, latest)
        return max(end - min(lookback, latest), 0) * 1000...end * 1000
    }

    private static func folded(_ name: String?) -> String? {
        name.flatMap { $0.isEmpty ? nil : $0.lowercased() }
    }

    private static func durations(_ minimum: Int64?, _ maximum: Int64?) throws(Invalid) -> ClosedRange<UInt64>? {
        guard let minimum else {
            guard maximum == nil else { throw Invalid(description: "maxDuration is only valid with minDuration") }
            return nil
        }
        guard minimum > 0 else { throw Invalid(description: "minDuration <= 0") }
        guard let maximum else { return UInt64(minimum)...UInt64.max }
        guard maximum >= minimum else { throw Invalid(description: "maxDuration < minDuration") }
        return UInt64(minimum)...UInt64(maximum)
    }

    /// Parts are joined by ` and `; one without `=` is a name. A value may hold `=`; the last of a key wins.
    private static func parse(_ query: String) throws(Invalid) -> [String: String] {
        var annotations: [String: String] = [:]
        let parts = query.separated(by: " and ")
        guard parts.count <= 100 else { throw Invalid(description: "annotationQuery has more than 100 parts") }
        for part in parts {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = pair[0].trimmed
            if key.isEmpty { continue }
            if pair.count == 1 {
                annotations[key] = annotations[key] ?? ""
            } else {
                annotations[key] = pair[1].trimmed
            }
        }
        return annotations
    }
}

extension String {
    fileprivate func separated(by separator: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        return parts + [rest]
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var text = drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
