// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatModel

/// Writes spans as Zipkin v2 JSON, one after the other, in memory that is kept.
struct ZipkinJSONWriter {
    /// What is written.
    private(set) var bytes: [UInt8] = []
    private var tags = ZipkinTags()
    private var local = LocalEndpoint()

    /// A writer with room for some spans.
    init(expectedSpans: Int) {
        bytes.reserveCapacity(min(expectedSpans, 1024) * 512)
    }

    /// A list of lists of spans.
    mutating func append(traces: some Sequence<[SpanRecord]>) {
        bytes.append(UInt8(ascii: "["))
        var isFirst = true
        for trace in traces {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            append(trace)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// A list of spans.
    mutating func append(_ spans: some Sequence<SpanRecord>) {
        bytes.append(UInt8(ascii: "["))
        var isFirst = true
        for span in spans {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            append(span)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func append(_ record: SpanRecord) {
        let span = ZipkinSpan(record)
        bytes.append(literal: "{\"traceId\":\"")
        if record.traceID.high != 0 { bytes.append(hex: record.traceID.high) }
        bytes.append(hex: record.traceID.low)
        if let parent = record.parentID {
            bytes.append(literal: "\",\"parentId\":\"")
            bytes.append(hex: parent.value)
        }
        bytes.append(literal: "\",\"id\":\"")
        bytes.append(hex: record.id.value)
        bytes.append(UInt8(ascii: "\""))
        if let kind = record.kind?.zipkinName { bytes.append(#","kind":"#, string: kind) }
        if !record.name.isEmpty { bytes.append(#","name":"#, lowercased: record.name) }
        if let start = span.timestamp { bytes.append(#","timestamp":"#, integer: start) }
        if let duration = span.duration { bytes.append(#","duration":"#, integer: duration) }
        appendLocalEndpoint(of: span)
        if let endpoint = span.remoteEndpoint { bytes.append(#","remoteEndpoint":"#, endpoint: endpoint) }
        if !record.events.isEmpty { append(span.annotations) }
        appendTags(of: record)
        if record.isDebug { bytes.append(literal: ",\"debug\":true") }
        if record.isShared { bytes.append(literal: ",\"shared\":true") }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func appendLocalEndpoint(of span: ZipkinSpan) {
        if !local.isThat(of: span.record) {
            local = LocalEndpoint(span.record)
            if let endpoint = span.localEndpoint { local.bytes.append(#","localEndpoint":"#, endpoint: endpoint) }
        }
        bytes.append(contentsOf: local.bytes)
    }

    private mutating func append(_ annotations: [ZipkinSpan.Annotation]) {
        bytes.append(literal: ",\"annotations\":[")
        for (index, annotation) in annotations.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(literal: "{\"timestamp\":")
            bytes.append(decimal: annotation.timestamp)
            bytes.append(#","value":"#, string: annotation.value)
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func appendTags(of record: SpanRecord) {
        tags.collect(record)
        guard !tags.isEmpty else { return }
        bytes.append(literal: ",\"tags\":{")
        tags.forEach { tag in
            bytes.append(jsonString: tag.key)
            bytes.append(UInt8(ascii: ":"))
            bytes.append(jsonString: tag.value.description)
            bytes.append(UInt8(ascii: ","))
        }
        bytes[bytes.count - 1] = UInt8(ascii: "}")  // in place of the last comma
    }
}

/// A local endpoint as it is written: spans of one service follow each other.
private struct LocalEndpoint {
    private var endpoint: Shared<NetworkEndpoint>?
    private var resource: Shared<Resource>?
    var bytes: [UInt8] = []

    init() {}

    init(_ span: SpanRecord) {
        endpoint = span.sharedLocalEndpoint
        resource = span.sharedResource
    }

    /// True when the span has this endpoint for sure.
    func isThat(of span: SpanRecord) -> Bool {
        isSame(endpoint, span.sharedLocalEndpoint) && isSame(resource, span.sharedResource)
    }

    private func isSame<Value>(_ left: Shared<Value>?, _ right: Shared<Value>?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return left.isIdentical(to: right)
    }
}

extension String {
    /// True when all is ASCII, and no capital letter among it.
    fileprivate var isLowerASCII: Bool {
        var text = self
        return text.withUTF8 { utf8 in
            utf8.allSatisfy { $0 < 0x80 && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ name: StaticString, string value: String) {
        append(literal: name)
        append(jsonString: value)
    }

    /// Zipkin's names are in lower case; most are so already.
    fileprivate mutating func append(_ name: StaticString, lowercased value: String) {
        append(name, string: value.isLowerASCII ? value : value.lowercased())
    }

    fileprivate mutating func append(_ name: StaticString, integer value: UInt64) {
        append(literal: name)
        append(decimal: value)
    }

    fileprivate mutating func append(_ name: StaticString, endpoint: NetworkEndpoint) {
        append(literal: name)
        append(UInt8(ascii: "{"))
        let start = count
        if let service = endpoint.serviceName { append(#","serviceName":"#, lowercased: service) }
        if let address = endpoint.ipv4 { append(#","ipv4":"#, string: address) }
        if let address = endpoint.ipv6 { append(#","ipv6":"#, string: address) }
        if let port = endpoint.port { append(#","port":"#, integer: UInt64(port)) }
        if count > start { remove(at: start) }  // the first field's comma
        append(UInt8(ascii: "}"))
    }
}
