// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
public import WingbeatModel

/// Writes traces in the JSON of Jaeger's query service, as its page and Grafana read them.
///
/// ``JaegerMapping`` says what becomes a tag. Times are in microseconds; nanoseconds, the attributes of links and of
/// scopes, and Zipkin's shared flag are lost. Numbers beyond JavaScript's safe integers are texts, as Jaeger has them.
///
/// Source: Jaeger's `uimodel`.
public enum JaegerJSONEncoder {
    /// A list of traces, each a list of spans with ids that are unique within it.
    public static func encode(traces: some Sequence<[SpanRecord]>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(jsonArray: traces) { $0.append(jaegerTrace: $1) }
        return bytes
    }
}

/// Who recorded spans.
private struct JaegerProcess: Hashable {
    let serviceName: String
    let tags: [Attribute]

    init(of span: SpanRecord) {
        let name = span.serviceName ?? ""
        serviceName = name.isEmpty ? JaegerMapping.unknownService : name
        tags = JaegerMapping.processTags(of: span)
    }
}

extension [UInt8] {
    fileprivate mutating func append(jaegerTrace spans: [SpanRecord]) {
        var processes: [JaegerProcess] = []
        var numbers: [JaegerProcess: Int] = [:]
        append(literal: "{\"traceID\":")
        append(jsonString: spans.first?.traceID.hex ?? "")
        append(literal: ",\"spans\":")
        append(jsonArray: spans) { bytes, span in
            let process = JaegerProcess(of: span)
            let number = numbers[process] ?? processes.count + 1
            if number > processes.count {
                processes.append(process)
                numbers[process] = number
            }
            bytes.append(span, process: number)
        }
        append(literal: ",\"processes\":{")
        for (index, process) in processes.enumerated() { append(process, number: index + 1) }
        append(literal: "},\"warnings\":null}")
    }

    private mutating func append(_ process: JaegerProcess, number: Int) {
        append(literal: number > 1 ? ",\"p" : "\"p")
        append(decimal: number)
        append(literal: "\":{\"serviceName\":")
        append(jsonString: process.serviceName)
        append(literal: ",\"tags\":")
        append(jaegerTags: process.tags)
        append(UInt8(ascii: "}"))
    }

    private mutating func append(_ span: SpanRecord, process: Int) {
        append(literal: "{\"traceID\":")
        append(jsonString: span.traceID.hex)
        append(literal: ",\"spanID\":")
        append(jsonString: span.id.hex)
        let flags = span.flags & 0xFF | (span.isDebug ? 2 : 0)
        if flags != 0 {
            append(literal: ",\"flags\":")
            append(decimal: flags)
        }
        append(literal: ",\"operationName\":")
        append(jsonString: span.name)
        append(referencesOf: span)
        append(literal: ",\"startTime\":")
        append(decimal: span.startNanoseconds / 1000)
        append(literal: ",\"duration\":")
        append(decimal: span.durationNanoseconds / 1000)
        append(literal: ",\"tags\":")
        append(jaegerTags: JaegerMapping.tags(of: span))
        append(literal: ",\"logs\":")
        append(jsonArray: span.events) { $0.append($1) }
        append(literal: ",\"processID\":\"p")
        append(decimal: process)
        append(literal: "\",\"warnings\":")
        append(warnings: span.dropped.sentences)
        append(UInt8(ascii: "}"))
    }

    /// The parent, and then the spans to which links point.
    private mutating func append(referencesOf span: SpanRecord) {
        var references = span.links.map { link in
            let isParent = link.attributes.contains(Attribute("opentracing.ref_type", "child_of"))
            return (type: isParent ? "CHILD_OF" : "FOLLOWS_FROM", trace: link.traceID, span: link.spanID)
        }
        if let parent = span.parentID { references.insert(("CHILD_OF", span.traceID, parent), at: 0) }
        append(literal: ",\"references\":")
        append(jsonArray: references) { bytes, reference in
            bytes.append(literal: "{\"refType\":")
            bytes.append(jsonString: reference.type)
            bytes.append(literal: ",\"traceID\":")
            bytes.append(jsonString: reference.trace.hex)
            bytes.append(literal: ",\"spanID\":")
            bytes.append(jsonString: reference.span.hex)
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private mutating func append(_ event: SpanRecord.Event) {
        append(literal: "{\"timestamp\":")
        append(decimal: event.nanoseconds / 1000)
        append(literal: ",\"fields\":")
        append(jaegerTags: (event.name.isEmpty ? [] : [Attribute("event", event.name)]) + event.attributes)
        append(UInt8(ascii: "}"))
    }

    private mutating func append(warnings: [String]) {
        guard !warnings.isEmpty else { return append(literal: "null") }
        append(jsonArray: warnings) { $0.append(jsonString: $1) }
    }

    private mutating func append(jaegerTags tags: [Attribute]) {
        append(jsonArray: tags) { bytes, tag in
            bytes.append(literal: "{\"key\":")
            bytes.append(jsonString: tag.key)
            bytes.append(literal: ",\"type\":")
            bytes.append(jaegerValue: tag.value)
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private mutating func append(jaegerValue value: AttributeValue) {
        switch value {
        case .bool(let flag): append(literal: flag ? "\"bool\",\"value\":true" : "\"bool\",\"value\":false")
        case .int(let number):
            append(literal: "\"int64\",\"value\":")
            let isSafe = number.magnitude < 1 << 53
            if isSafe { append(decimal: number) } else { append(quoted: number) }
        case .double:
            append(literal: "\"float64\",\"value\":")
            append(json: value)
        case .bytes:
            append(literal: "\"binary\",\"value\":")
            append(json: value)
        case .string, .array, .map, .empty:
            append(literal: "\"string\",\"value\":")
            append(jsonString: value.description)
        }
    }
}

extension SpanRecord.Dropped {
    /// What was left out, for people.
    fileprivate var sentences: [String] {
        [(attributes, "attributes"), (events, "events"), (links, "links")]
            .filter { $0.0 > 0 }
            .map { "\($0.0) \($0.1) were left out by the sender" }
    }
}
