// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// Reads Zipkin v2 JSON: a list of spans, with Zipkin's validation and its error texts.
///
/// Source: openzipkin/zipkin-api `zipkin2-api.yaml`, and the rules of Zipkin's own reader: unknown fields are
/// skipped, so is `null` where a field is optional; ids are lower-case hexadecimal; tags are texts.
public enum ZipkinJSONDecoder {
    /// Reads a list of spans.
    public static func decode(_ bytes: [UInt8]) throws(SpanDecodingError) -> [SpanRecord] {
        do throws(SpanDecodingError) {
            return try bytes.withUnsafeBufferPointer { buffer throws(SpanDecodingError) in
                try spans(in: buffer)
            }
        } catch {
            throw SpanDecodingError(zipkinText(of: error))
        }
    }

    private static func spans(in buffer: UnsafeBufferPointer<UInt8>) throws(SpanDecodingError) -> [SpanRecord] {
        var scanner = JSONScanner(buffer)
        guard scanner.peek() == UInt8(ascii: "[") else {
            throw SpanDecodingError("Expected a JSON_V2 encoded list\n")
        }
        var spans: [SpanRecord] = []
        try scanner.array { scanner, position throws(SpanDecodingError) in
            spans.append(try SpanReader(position: position).read(&scanner))
        }
        try scanner.expectEnd()
        return spans
    }

    /// Zipkin says `<cause> reading List<Span> from json`; where and what comes after it.
    private static func zipkinText(of error: SpanDecodingError) -> String {
        let text = error.description
        if text.hasPrefix("Expected a JSON_V2") { return text }
        let reading = "reading List<Span> from json"
        guard text.hasPrefix("Malformed: ") else { return "\(text) \(reading)" }
        return "Malformed \(reading): \(text.dropFirst("Malformed: ".count))"
    }
}

/// Reads one span.
private struct SpanReader {
    let position: Int

    /// Where the span stands in the list, for errors.
    private var path: String { "$[\(position)]" }

    func read(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> SpanRecord {
        var span = SpanRecord(traceID: .smallest, id: .smallest)  // the real ids may come last
        var ids = (trace: TraceID?.none, span: SpanID?.none)
        try scanner.object { scanner, key throws(SpanDecodingError) in
            switch key {
            case "traceId": ids.trace = try readTraceID(&scanner)
            case "id": ids.span = try readSpanID(&scanner, "id")
            default: try readOptional(key, &scanner, into: &span)
            }
        }
        guard let traceID = ids.trace else { throw SpanDecodingError("\(path): missing traceId") }
        guard let id = ids.span else { throw SpanDecodingError("\(path): missing id") }
        span.traceID = traceID
        span.id = id
        if span.parentID == id { span.parentID = nil }
        if span.kind == .client { span.isShared = false }
        return span
    }

    private func readOptional(
        _ key: String,
        _ scanner: inout JSONScanner,
        into span: inout SpanRecord
    ) throws(SpanDecodingError) {
        if try scanner.skipNull() { return }
        switch key {
        case "parentId": span.parentID = try readParentID(&scanner)
        case "name": span.name = try scanner.string()
        case "kind": span.kind = try readKind(&scanner)
        case "timestamp": span.startNanoseconds = try nanoseconds(&scanner, key)
        case "duration": span.durationNanoseconds = try nanoseconds(&scanner, key)
        case "localEndpoint": span.localEndpoint = try ZipkinEndpointReader.read(&scanner)
        case "remoteEndpoint": span.remoteEndpoint = try ZipkinEndpointReader.read(&scanner)
        case "annotations": span.events = try readAnnotations(&scanner)
        case "tags": span.attributes = try readTags(&scanner)
        case "debug": span.isDebug = try scanner.boolean()
        case "shared": span.isShared = try scanner.boolean()
        case "binaryAnnotations":  // version 1 has its tags there
            throw SpanDecodingError("Expected a JSON_V2 encoded list, but received: JSON_V1\n")
        default: try scanner.skipValue()
        }
    }

    private func readTraceID(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> TraceID {
        let text = try requiredText(&scanner, "traceId")
        try checkHex(text, "traceId", limit: 32)
        guard let id = TraceID(hex: text) else { throw SpanDecodingError("traceId is all zeros") }
        return id
    }

    private func readSpanID(_ scanner: inout JSONScanner, _ name: String) throws(SpanDecodingError) -> SpanID {
        let text = try requiredText(&scanner, name)
        try checkHex(text, name, limit: 16)
        guard let id = SpanID(hex: text) else { throw SpanDecodingError("\(name) is all zeros") }
        return id
    }

    /// A parent id of zeros means that there is none.
    private func readParentID(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> SpanID? {
        let text = try scanner.string()
        try checkHex(text, "parentId", limit: 16)
        return SpanID(hex: text)
    }

    private func requiredText(_ scanner: inout JSONScanner, _ name: String) throws(SpanDecodingError) -> String {
        guard try !scanner.skipNull() else { throw SpanDecodingError("No value at \(path).\(name)") }
        return try scanner.string()
    }

    private func checkHex(_ text: String, _ name: String, limit: Int) throws(SpanDecodingError) {
        guard !text.isEmpty else { throw SpanDecodingError("\(name) is empty") }
        guard text.utf8.count <= limit else { throw SpanDecodingError("\(name).length > \(limit)") }
        let isLowerHex = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard isLowerHex else { throw SpanDecodingError("\(text) should be lower-hex encoded with no prefix") }
    }

    private func readKind(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> SpanRecord.Kind {
        switch try scanner.string() {
        case "CLIENT": return .client
        case "SERVER": return .server
        case "PRODUCER": return .producer
        case "CONSUMER": return .consumer
        case let other:
            throw SpanDecodingError(
                "\(path).kind is \(other.prefix(40)), expected CLIENT, SERVER, PRODUCER or CONSUMER"
            )
        }
    }

    /// Zipkin counts in microseconds; zero and less mean unknown.
    private func nanoseconds(_ scanner: inout JSONScanner, _ name: String) throws(SpanDecodingError) -> UInt64 {
        let microseconds = try scanner.integer()
        guard microseconds > 0 else { return 0 }
        let (nanoseconds, overflow) = UInt64(microseconds).multipliedReportingOverflow(by: 1000)
        guard !overflow else { throw SpanDecodingError("\(path).\(name) is \(microseconds) µs, which is out of range") }
        return nanoseconds
    }

    private func readAnnotations(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> [SpanRecord.Event] {
        var events: [SpanRecord.Event] = []
        try scanner.array { scanner, position throws(SpanDecodingError) in
            let place = "\(path).annotations[\(position)]"
            var timestamp: UInt64?
            var value: String?
            try scanner.object { scanner, key throws(SpanDecodingError) in
                if try scanner.skipNull() { throw SpanDecodingError("Incomplete annotation at \(place).\(key)") }
                switch key {
                case "timestamp": timestamp = try nanoseconds(&scanner, "annotations[\(position)].timestamp")
                case "value": value = try scanner.string()
                default: try scanner.skipValue()
                }
            }
            guard let timestamp, timestamp > 0 else {
                throw SpanDecodingError("Incomplete annotation at \(place).timestamp")
            }
            guard let value else { throw SpanDecodingError("Incomplete annotation at \(place).value") }
            events.append(SpanRecord.Event(nanoseconds: timestamp, name: value))
        }
        return events
    }

    private func readTags(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> [Attribute] {
        var tags: [Attribute] = []
        try scanner.object { scanner, key throws(SpanDecodingError) in
            guard try !scanner.skipNull() else { throw SpanDecodingError("No value at \(path).tags.\(key)") }
            guard scanner.peek() == UInt8(ascii: "\"") else {
                throw SpanDecodingError("Expected a string at \(path).tags.\(key)")
            }
            tags.append(Attribute(key, try scanner.string()))
        }
        return tags
    }
}
