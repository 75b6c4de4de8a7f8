// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
public import WingbeatModel

/// Reads traces in the JSON of Jaeger's query service: one trace, as its page downloads it.
///
/// It undoes what ``JaegerMapping`` says of kinds, status, scopes and trace state; other tags stay attributes of their
/// type, those of the process become the resource. Times have microseconds only; `warnings` are passed over.
public enum JaegerJSONDecoder {
    /// The spans of a trace: an object with `spans` and `processes`.
    ///
    /// - Throws: where the bytes are no such JSON, or a span has no valid ids; the error says which span.
    public static func decode(trace bytes: [UInt8]) throws(SpanDecodingError) -> [SpanRecord] {
        let trace = try JSONValue(bytes)
        guard let spans = trace["spans"] else { throw SpanDecodingError("a trace of Jaeger's needs spans") }
        var resources: [String: Shared<Resource>] = [:]
        for process in trace["processes"]?.members ?? [] {
            resources[process.name] = Shared(Resource(jaeger: process.value))
        }
        var records: [SpanRecord] = []
        for (index, span) in spans.elements.enumerated() {
            var record = try SpanRecord(jaeger: span, index)
            record.sharedResource =
                span["processID"]?.string.flatMap { resources[$0] }
                ?? span["process"].map { Shared(Resource(jaeger: $0)) }
            records.append(record)
        }
        return records
    }
}

extension Resource {
    fileprivate init(jaeger process: JSONValue) {
        self.init(
            serviceName: process["serviceName"]?.string ?? "",
            attributes: (process["tags"]?.elements ?? []).compactMap(Attribute.init(jaeger:))
        )
    }
}

extension SpanRecord {
    fileprivate init(jaeger span: JSONValue, _ index: Int) throws(SpanDecodingError) {
        guard let trace = span["traceID"]?.string.flatMap({ TraceID(hex: $0) }) else {
            throw SpanDecodingError("span \(index): traceID is not 1 to 32 hexadecimal digits")
        }
        guard let id = span["spanID"]?.string.flatMap({ SpanID(hex: $0) }) else {
            throw SpanDecodingError("span \(index): spanID is not 1 to 16 hexadecimal digits")
        }
        self.init(traceID: trace, id: id, name: span["operationName"]?.string ?? "")
        startNanoseconds = Self.nanoseconds(span["startTime"])
        durationNanoseconds = Self.nanoseconds(span["duration"])
        let flags = UInt32(truncatingIfNeeded: span["flags"]?.integer ?? 0) & 0xFF
        isDebug = flags & 2 != 0
        self.flags = flags & 1
        readReferences(span)
        for tag in span["tags"]?.elements ?? [] { Attribute(jaeger: tag).map { take($0) } }
        events = (span["logs"]?.elements ?? []).map(Event.init(jaeger:))
    }

    /// The first parent in the same trace is the parent, the others are links.
    private mutating func readReferences(_ span: JSONValue) {
        parentID = span["parentSpanID"]?.string.flatMap { SpanID(hex: $0) }
        for reference in span["references"]?.elements ?? [] {
            guard let trace = reference["traceID"]?.string.flatMap({ TraceID(hex: $0) }),
                let id = reference["spanID"]?.string.flatMap({ SpanID(hex: $0) })
            else { continue }
            let isParent = reference["refType"]?.string == "CHILD_OF"
            if isParent, trace == traceID, parentID == nil || parentID == id {
                parentID = id
            } else {
                let mark = isParent ? [Attribute("opentracing.ref_type", "child_of")] : []
                links.append(Link(traceID: trace, spanID: id, attributes: mark))
            }
        }
    }

    private mutating func take(_ tag: Attribute) {
        guard case .string(let text) = tag.value else { return attributes.append(tag) }
        switch tag.key {
        case "span.kind":
            kind = Kind(jaegerName: text)
            if kind == nil { attributes.append(tag) }
        case "otel.scope.name": scope = InstrumentationScope(name: text, version: scope?.version ?? "")
        case "otel.scope.version": scope = InstrumentationScope(name: scope?.name ?? "", version: text)
        case "otel.status_code" where text == "OK": status = .ok
        case "otel.status_code" where text == "ERROR":
            if case .error = status { return }
            status = .error("")
        case "otel.status_description": status = .error(text)
        case "w3c.tracestate": traceState = text
        default: attributes.append(tag)
        }
    }

    /// Microseconds as nanoseconds; zero where there are none or too many.
    fileprivate static func nanoseconds(_ microseconds: JSONValue?) -> UInt64 {
        guard let value = microseconds?.integer.flatMap(UInt64.init(exactly:)) else { return 0 }
        let (product, overflow) = value.multipliedReportingOverflow(by: 1000)
        return overflow ? 0 : product
    }
}

extension SpanRecord.Event {
    fileprivate init(jaeger log: JSONValue) {
        let fields = (log["fields"]?.elements ?? []).compactMap(Attribute.init(jaeger:))
        let name = fields.first { $0.key == "event" }
        self.init(
            nanoseconds: SpanRecord.nanoseconds(log["timestamp"]),
            name: name?.value.description ?? "",
            attributes: fields.filter { $0 != name }
        )
    }
}

extension Attribute {
    /// Nil where there is no key.
    fileprivate init?(jaeger tag: JSONValue) {
        guard let key = tag["key"]?.string, let value = tag["value"] else { return nil }
        self.init(key, Self.value(value, type: tag["type"]?.string))
    }

    private static func value(_ value: JSONValue, type: String?) -> AttributeValue {
        switch (type, value) {
        case ("int64", _): value.integer.map { .int($0) } ?? .string(value.string ?? "")
        case ("float64", _): value.double.map { .double($0) } ?? .string(value.string ?? "")
        case ("bool", .string(let text)) where Bool(text) != nil: .bool(text == "true")
        case ("binary", .string(let text)): [UInt8](base64: text).map { .bytes($0) } ?? .string(text)
        case (_, .bool(let flag)): .bool(flag)
        case (_, .string(let text)): .string(text)
        case (_, .number(let text)): value.integer.map { .int($0) } ?? value.double.map { .double($0) } ?? .string(text)
        default: .empty
        }
    }
}
