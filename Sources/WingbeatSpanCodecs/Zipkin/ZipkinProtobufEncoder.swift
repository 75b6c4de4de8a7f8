// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
public import WingbeatModel

/// Writes Zipkin's protocol buffers: a `ListOfSpans`, with fields in the order of their numbers, tags by key,
/// annotations by time, names in lower case, times in microseconds.
///
/// What Zipkin has no field for is said, or lost, as ``ZipkinJSONEncoder`` has it. Source: openzipkin/zipkin-api
/// `zipkin.proto`.
public enum ZipkinProtobufEncoder {
    /// A list of spans.
    public static func encode(_ spans: some Sequence<SpanRecord>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(spans.underestimatedCount, 1024) * 384)
        var tags = ZipkinTags()
        for span in spans {
            tags.collect(span)
            bytes.append(field: 1) { $0.append(ZipkinSpan(span), tags) }
        }
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ span: ZipkinSpan, _ tags: borrowing ZipkinTags) {
        let record = span.record
        append(field: 1) { bytes in
            if record.traceID.high != 0 { bytes.append(bigEndian: record.traceID.high) }
            bytes.append(bigEndian: record.traceID.low)
        }
        if let parent = record.parentID { append(field: 2) { $0.append(bigEndian: parent.value) } }
        append(field: 3) { $0.append(bigEndian: record.id.value) }
        if let kind = record.remoteKind { append(field: 4, varint: UInt64(kind.rawValue)) }  // the same numbers
        if !record.name.isEmpty { append(field: 5, text: record.name.lowercased()) }
        if let start = span.timestamp { append(field: 6, fixed64: start) }
        if let duration = span.duration { append(field: 7, varint: duration) }
        if let endpoint = span.localEndpoint { append(field: 8) { $0.append(endpoint) } }
        if let endpoint = span.remoteEndpoint { append(field: 9) { $0.append(endpoint) } }
        for annotation in span.annotations { append(field: 10) { $0.append(annotation) } }
        tags.forEach { tag in append(field: 11) { $0.append(tag) } }
        if record.isDebug { append(field: 12, varint: 1) }
        if record.isShared { append(field: 13, varint: 1) }
    }

    private mutating func append(_ endpoint: NetworkEndpoint) {
        if let service = endpoint.serviceName { append(field: 1, text: service.lowercased()) }
        if let address = endpoint.ipv4 { append(field: 2, bytes: addressBytes(ofIPv4: address)) }
        if let address = endpoint.ipv6 { append(field: 3, bytes: addressBytes(ofIPv6: address)) }
        if let port = endpoint.port { append(field: 4, varint: UInt64(port)) }
    }

    private mutating func append(_ annotation: ZipkinSpan.Annotation) {
        append(field: 1, fixed64: annotation.timestamp)
        append(field: 2, text: annotation.value)
    }

    private mutating func append(_ tag: Attribute) {
        append(field: 1, text: tag.key)
        append(field: 2, text: tag.value.description)
    }

    private mutating func append(bigEndian value: UInt64) {
        for shift in stride(from: 56, through: 0, by: -8) { append(UInt8(truncatingIfNeeded: value >> UInt64(shift))) }
    }

    /// Nothing where there are no bytes: a text that is no address has none.
    private mutating func append(field number: Int, bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        append(field: number) { $0.append(contentsOf: bytes) }
    }
}
