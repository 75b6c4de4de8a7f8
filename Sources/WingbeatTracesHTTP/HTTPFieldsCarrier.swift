// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
public import Instrumentation

/// Reads headers from swift-http-types' fields.
public struct HTTPFieldsExtractor: Extractor {
    /// The extractor has no settings.
    public init() {}

    /// The values of a field, in any case, joined with commas.
    public func extract(key: String, from fields: HTTPFields) -> String? {
        fieldName(key).flatMap { fields[$0] }
    }
}

/// Writes headers into swift-http-types' fields.
public struct HTTPFieldsInjector: Injector {
    /// The injector has no settings.
    public init() {}

    /// Sets a field; what stood there before is replaced.
    public func inject(_ value: String, forKey key: String, into fields: inout HTTPFields) {
        guard let name = fieldName(key) else { return }
        fields[name] = value
    }
}

/// Making a name takes memory, so those that the propagators ask for are kept.
private func fieldName(_ key: String) -> HTTPField.Name? { knownNames[key] ?? HTTPField.Name(key) }

private let knownNames: [String: HTTPField.Name] = {
    let keys = [
        "traceparent", "tracestate", "baggage", "b3", "X-B3-TraceId", "X-B3-SpanId", "X-B3-ParentSpanId",
        "X-B3-Sampled",
        "X-B3-Flags", "x-b3-traceid", "x-b3-spanid", "x-b3-parentspanid", "x-b3-sampled", "x-b3-flags",
    ]
    return Dictionary(uniqueKeysWithValues: keys.compactMap { key in HTTPField.Name(key).map { (key, $0) } })
}()
