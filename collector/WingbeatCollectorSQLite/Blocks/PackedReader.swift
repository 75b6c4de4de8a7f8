// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

/// Reads what the extension of `[UInt8]` in PackedValues.swift wrote; anything else is ``SpanBlob/Damaged``.
struct PackedReader {
    let bytes: [UInt8]
    private(set) var index: Int
    let end: Int

    /// A reader of a part of the bytes.
    init(_ bytes: [UInt8], in range: Range<Int>) throws(SpanBlob.Damaged) {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count else { throw SpanBlob.Damaged() }
        self.bytes = bytes
        index = range.lowerBound
        end = range.upperBound
    }

    /// How many bytes there are still.
    var rest: Int { end - index }

    mutating func byte() throws(SpanBlob.Damaged) -> UInt8 {
        guard index < end else { throw SpanBlob.Damaged() }
        defer { index += 1 }
        return bytes[index]
    }

    /// A number in base 128.
    mutating func number() throws(SpanBlob.Damaged) -> UInt64 {
        let first = try byte()
        if first < 0x80 { return UInt64(first) }
        var value = UInt64(first & 0x7F)
        for shift in stride(from: UInt64(7), to: 64, by: 7) {
            let next = try byte()
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
        }
        throw SpanBlob.Damaged()
    }

    mutating func signed() throws(SpanBlob.Damaged) -> Int64 {
        let number = try number()
        return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
    }

    mutating func small() throws(SpanBlob.Damaged) -> UInt32 {
        guard let value = UInt32(exactly: try number()) else { throw SpanBlob.Damaged() }
        return value
    }

    /// A number of things that are to follow, each of which takes some bytes: more than fit are damage, not a reason to
    /// reserve memory.
    mutating func count(ofAtLeast bytes: Int = 1) throws(SpanBlob.Damaged) -> Int {
        let value = try number()
        guard value <= UInt64(rest / bytes) else { throw SpanBlob.Damaged() }
        return Int(value)
    }

    /// So many bytes, of which only the place is told.
    mutating func range(of count: Int) throws(SpanBlob.Damaged) -> Range<Int> {
        guard count >= 0, count <= rest else { throw SpanBlob.Damaged() }
        defer { index += count }
        return index..<index + count
    }

    mutating func fixed() throws(SpanBlob.Damaged) -> UInt64 {
        bytes.bigEndian(at: try range(of: 8).lowerBound)
    }

    mutating func text() throws(SpanBlob.Damaged) -> String {
        try text(of: count())
    }

    mutating func text(of length: Int) throws(SpanBlob.Damaged) -> String {
        String(decoding: bytes[try range(of: length)], as: UTF8.self)
    }

    mutating func attributes(depth: Int = 0) throws(SpanBlob.Damaged) -> [Attribute] {
        var attributes: [Attribute] = []
        for _ in 0..<(try count(ofAtLeast: 2)) { attributes.append(Attribute(try text(), try value(depth: depth))) }
        return attributes
    }

    mutating func value(depth: Int = 0) throws(SpanBlob.Damaged) -> AttributeValue {
        guard depth < Self.depthLimit else { throw SpanBlob.Damaged() }
        switch try byte() {
        case PackedTag.empty: return .empty
        case PackedTag.no: return .bool(false)
        case PackedTag.yes: return .bool(true)
        case PackedTag.string: return .string(try text())
        case PackedTag.int: return .int(try signed())
        case PackedTag.double: return .double(Double(bitPattern: try fixed()))
        case PackedTag.bytes: return .bytes(Array(bytes[try range(of: count())]))
        case PackedTag.array:
            var values: [AttributeValue] = []
            for _ in 0..<(try count()) { values.append(try value(depth: depth + 1)) }
            return .array(values)
        case PackedTag.map: return .map(try attributes(depth: depth + 1))
        default: throw SpanBlob.Damaged()
        }
    }

    /// Values inside of values; the decoders accept 32.
    private static let depthLimit = 128
}

extension PackedReader {
    mutating func endpoint() throws(SpanBlob.Damaged) -> NetworkEndpoint {
        let parts = try byte()
        guard parts < 16 else { throw SpanBlob.Damaged() }
        var endpoint = NetworkEndpoint()
        if parts & 1 != 0 { endpoint.serviceName = try text() }
        if parts & 2 != 0 { endpoint.ipv4 = try text() }
        if parts & 4 != 0 { endpoint.ipv6 = try text() }
        guard parts & 8 != 0 else { return endpoint }
        guard let port = UInt16(exactly: try number()) else { throw SpanBlob.Damaged() }
        endpoint.port = port
        return endpoint
    }

    mutating func resource() throws(SpanBlob.Damaged) -> Resource {
        var resource = Resource(serviceName: try text(), attributes: try attributes())
        resource.droppedAttributes = try small()
        resource.schemaURL = try text()
        return resource
    }

    mutating func scope() throws(SpanBlob.Damaged) -> InstrumentationScope {
        var scope = InstrumentationScope(name: try text(), version: try text(), attributes: try attributes())
        scope.droppedAttributes = try small()
        scope.schemaURL = try text()
        return scope
    }

    /// An event at the moment zero.
    mutating func event() throws(SpanBlob.Damaged) -> SpanRecord.Event {
        var event = SpanRecord.Event(nanoseconds: 0, name: try text(), attributes: try attributes())
        event.droppedAttributes = try small()
        return event
    }

    mutating func links() throws(SpanBlob.Damaged) -> [SpanRecord.Link] {
        var links: [SpanRecord.Link] = []
        for _ in 0..<(try count(ofAtLeast: 28)) { links.append(try link()) }
        return links
    }

    private mutating func link() throws(SpanBlob.Damaged) -> SpanRecord.Link {
        guard let trace = TraceID(high: try fixed(), low: try fixed()), let span = SpanID(try fixed()) else {
            throw SpanBlob.Damaged()
        }
        var link = SpanRecord.Link(traceID: trace, spanID: span, attributes: try attributes())
        link.droppedAttributes = try small()
        link.traceState = try text()
        link.flags = try small()
        return link
    }
}

extension [UInt8] {
    /// The eight bytes from a place on, all of which must be there, as a number; the first is the highest.
    func bigEndian(at place: Int) -> UInt64 {
        precondition(place >= 0 && place <= count - 8)
        return withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt64.self)) }
    }
}
