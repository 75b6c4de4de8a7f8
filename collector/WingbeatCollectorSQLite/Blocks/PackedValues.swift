// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatModel

/// Appends the parts of a span as ``PackedReader`` reads them: numbers in base 128, texts as their length and their
/// bytes.
extension [UInt8] {
    mutating func append(packed text: String) {
        append(varint: UInt64(text.utf8.count))
        append(contentsOf: text.utf8)
    }

    mutating func append(packed attributes: [Attribute]) {
        append(varint: UInt64(attributes.count))
        for attribute in attributes {
            append(packed: attribute.key)
            append(packed: attribute.value)
        }
    }

    mutating func append(packed value: AttributeValue) {
        switch value {
        case .empty: append(PackedTag.empty)
        case .bool(let value): append(value ? PackedTag.yes : PackedTag.no)
        case .string(let text):
            append(PackedTag.string)
            append(packed: text)
        case .int(let number):
            append(PackedTag.int)
            append(zigzag: number)
        case .double(let number):
            append(PackedTag.double)
            append(bigEndian: number.bitPattern)
        case .bytes(let bytes):
            append(PackedTag.bytes)
            append(varint: UInt64(bytes.count))
            append(contentsOf: bytes)
        case .array(let values):
            append(PackedTag.array)
            append(varint: UInt64(values.count))
            for value in values { append(packed: value) }
        case .map(let attributes):
            append(PackedTag.map)
            append(packed: attributes)
        }
    }

    mutating func append(packed endpoint: NetworkEndpoint) {
        let texts = [endpoint.serviceName, endpoint.ipv4, endpoint.ipv6]
        var parts: UInt8 = endpoint.port == nil ? 0 : 8
        for (index, text) in texts.enumerated() where text != nil { parts |= 1 << UInt8(index) }
        append(parts)
        for case .some(let text) in texts { append(packed: text) }
        if let port = endpoint.port { append(varint: UInt64(port)) }
    }

    mutating func append(packed resource: Resource) {
        append(packed: resource.serviceName)
        append(packed: resource.attributes)
        append(varint: UInt64(resource.droppedAttributes))
        append(packed: resource.schemaURL)
    }

    mutating func append(packed scope: InstrumentationScope) {
        append(packed: scope.name)
        append(packed: scope.version)
        append(packed: scope.attributes)
        append(varint: UInt64(scope.droppedAttributes))
        append(packed: scope.schemaURL)
    }

    /// The event without its moment.
    mutating func append(packed event: SpanRecord.Event) {
        append(packed: event.name)
        append(packed: event.attributes)
        append(varint: UInt64(event.droppedAttributes))
    }

    mutating func append(packed links: [SpanRecord.Link]) {
        append(varint: UInt64(links.count))
        for link in links {
            append(bigEndian: link.traceID.high)
            append(bigEndian: link.traceID.low)
            append(bigEndian: link.spanID.value)
            append(packed: link.attributes)
            append(varint: UInt64(link.droppedAttributes))
            append(packed: link.traceState)
            append(varint: UInt64(link.flags))
        }
    }
}

/// The first byte of a value.
enum PackedTag {
    static let empty: UInt8 = 0
    static let no: UInt8 = 1
    static let yes: UInt8 = 2
    static let string: UInt8 = 3
    static let int: UInt8 = 4
    static let double: UInt8 = 5
    static let bytes: UInt8 = 6
    static let array: UInt8 = 7
    static let map: UInt8 = 8
}
