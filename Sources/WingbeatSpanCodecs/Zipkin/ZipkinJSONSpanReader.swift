// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Reads the spans of one list of Zipkin v2 JSON.
struct ZipkinJSONSpanReader: ~Copyable {
    private let texts: Memo<String>
    private let endpoints: ZipkinEndpointReader
    /// A span has about as many tags as the one before it.
    private var expectedTags = 0
    private var position = 0

    /// A reader of a list of so many bytes, which must outlive it.
    init(inputBytes: Int) {
        texts = Memo(inputBytes: inputBytes, limit: 1024)
        endpoints = ZipkinEndpointReader(inputBytes: inputBytes)
    }

    /// Where the span stands in the list, for errors.
    private var path: String { "$[\(position)]" }

    /// Reads the span that stands at a position of the list into a new record.
    mutating func read(
        _ scanner: inout JSONScanner,
        at position: Int,
        into span: inout SpanRecord
    ) throws(SpanDecodingError) {
        self.position = position
        var ids = (trace: TraceID?.none, span: SpanID?.none)
        try scanner.fields { scanner, key throws(SpanDecodingError) in
            switch key {
            case "traceId":
                try requireValue(&scanner, "traceId")
                ids.trace = try ZipkinID.readTraceID(&scanner)
            case "id":
                try requireValue(&scanner, "id")
                ids.span = try ZipkinID.readSpanID(&scanner)
            default: try readOptional(key, &scanner, into: &span)
            }
        }
        guard let traceID = ids.trace else { throw SpanDecodingError("\(path): missing traceId") }
        guard let id = ids.span else { throw SpanDecodingError("\(path): missing id") }
        span.traceID = traceID
        span.id = id
        span.normalizeForZipkin()
    }

    @inline(__always)
    private mutating func readOptional(
        _ key: JSONText,
        _ scanner: inout JSONScanner,
        into span: inout SpanRecord
    ) throws(SpanDecodingError) {
        if try scanner.skipNull() { return }
        switch key {
        case "parentId": span.parentID = try ZipkinID.readParentID(&scanner)
        case "name": span.name = try string(&scanner)
        case "kind": span.kind = try readKind(&scanner)
        case "timestamp": span.startNanoseconds = try nanoseconds(&scanner, "timestamp")
        case "duration": span.durationNanoseconds = try nanoseconds(&scanner, "duration")
        case "localEndpoint": span.sharedLocalEndpoint = try endpoints.read(&scanner)
        case "remoteEndpoint": span.sharedRemoteEndpoint = try endpoints.read(&scanner)
        case "annotations": span.events = try readAnnotations(&scanner)
        case "tags": span.attributes = try readTags(&scanner)
        case "debug": span.isDebug = try scanner.boolean()
        case "shared": span.isShared = try scanner.boolean()
        case "binaryAnnotations":  // version 1 has its tags there
            throw SpanDecodingError("Expected a JSON_V2 encoded list, but received: JSON_V1\n")
        default: try scanner.skipValue()
        }
    }

    private func requireValue(_ scanner: inout JSONScanner, _ name: StaticString) throws(SpanDecodingError) {
        guard try !scanner.skipNull() else { throw SpanDecodingError("No value at \(path).\(name)") }
    }

    @inline(__always)
    private func string(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> String {
        let text = try scanner.text()
        return texts.value(of: text.bytes) { text.string }
    }

    private func readKind(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> SpanRecord.Kind {
        let text = try scanner.text()
        switch text {
        case "CLIENT": return .client
        case "SERVER": return .server
        case "PRODUCER": return .producer
        case "CONSUMER": return .consumer
        default:
            throw SpanDecodingError(
                "\(path).kind is \(text.string.prefix(40)), expected CLIENT, SERVER, PRODUCER or CONSUMER"
            )
        }
    }

    @inline(__always)
    private func nanoseconds(
        _ scanner: inout JSONScanner,
        _ name: @autoclosure () -> String
    ) throws(SpanDecodingError) -> UInt64 {
        try ZipkinTime.nanoseconds(try scanner.integer(), "\(path).\(name())")
    }

    private func readAnnotations(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> [SpanRecord.Event] {
        var events: [SpanRecord.Event] = []
        try scanner.array { scanner, position throws(SpanDecodingError) in
            events.append(try readAnnotation(&scanner, at: position))
        }
        return events
    }

    @inline(__always)
    private func readAnnotation(
        _ scanner: inout JSONScanner,
        at position: Int
    ) throws(SpanDecodingError) -> SpanRecord.Event {
        var timestamp: UInt64 = 0
        var value: String?
        try scanner.fields { scanner, key throws(SpanDecodingError) in
            if try scanner.skipNull() { throw incompleteAnnotation(position, key.string) }
            switch key {
            case "timestamp": timestamp = try nanoseconds(&scanner, "annotations[\(position)].timestamp")
            case "value": value = try string(&scanner)
            default: try scanner.skipValue()
            }
        }
        guard timestamp > 0 else { throw incompleteAnnotation(position, "timestamp") }
        guard let value else { throw incompleteAnnotation(position, "value") }
        return SpanRecord.Event(nanoseconds: timestamp, name: value)
    }

    @inline(never)
    private func incompleteAnnotation(_ position: Int, _ field: String) -> SpanDecodingError {
        SpanDecodingError("Incomplete annotation at \(path).annotations[\(position)].\(field)")
    }

    private mutating func readTags(_ scanner: inout JSONScanner) throws(SpanDecodingError) -> [Attribute] {
        var tags: [Attribute] = []
        try scanner.fields { scanner, key throws(SpanDecodingError) in
            guard scanner.peek() == UInt8(ascii: "\"") else { throw try notAText(&scanner, key.string) }
            if tags.isEmpty { tags.reserveCapacity(min(expectedTags, 16)) }
            tags.append(Attribute(texts.value(of: key.bytes) { key.string }, try string(&scanner)))
        }
        expectedTags = tags.count
        return tags
    }

    @inline(never)
    private func notAText(_ scanner: inout JSONScanner, _ key: String) throws(SpanDecodingError) -> SpanDecodingError {
        if try scanner.skipNull() { return SpanDecodingError("No value at \(path).tags.\(key)") }
        return SpanDecodingError("Expected a string at \(path).tags.\(key)")
    }
}
