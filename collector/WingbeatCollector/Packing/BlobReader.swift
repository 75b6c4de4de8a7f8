// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

package import WingbeatModel

/// Reads the bytes that ``BlobWriter`` wrote; any others are ``SpanBlob/Damaged``.
package struct BlobReader {
    private let bytes: [UInt8]
    private var index = 0
    private var last: SpanRecord?

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package mutating func span(of trace: TraceID) throws(SpanBlob.Damaged) -> SpanRecord {
        let parts = SpanBlob.Parts(rawValue: try number())
        var span = SpanRecord(traceID: trace, id: try spanID())
        if parts.contains(.parent) { span.parentID = try spanID() }
        span.kind = SpanRecord.Kind(rawValue: UInt8(truncatingIfNeeded: try number()))
        span.name = try text()
        span.startNanoseconds = try number()
        span.durationNanoseconds = try number()
        if parts.contains(.ok) { span.status = .ok }
        if parts.contains(.error) { span.status = .error(try text()) }
        span.attributes = try attributes()
        span.events = try list { reader throws(SpanBlob.Damaged) in
            SpanRecord.Event(
                nanoseconds: try reader.number(),
                name: try reader.text(),
                attributes: try reader.attributes()
            )
        }
        span.links = try list { reader throws(SpanBlob.Damaged) in try reader.link() }
        try readOriginOfLast(parts, into: &span)
        if parts.contains(.localEndpoint) { span.localEndpoint = try endpoint() }
        if parts.contains(.remoteEndpoint) { span.remoteEndpoint = try endpoint() }
        if parts.contains(.resource) {
            span.resource = Resource(serviceName: try text(), attributes: try attributes())
        }
        if parts.contains(.scope) { span.scope = try scope() }
        if parts.contains(.details) { try readDetails(of: &span) }
        span.isShared = parts.contains(.shared)
        span.isDebug = parts.contains(.debug)
        last = span
        return span
    }

    /// What is the same as in the span before is shared with it.
    private func readOriginOfLast(_ parts: SpanBlob.Parts, into span: inout SpanRecord) throws(SpanBlob.Damaged) {
        if parts.contains(.sameLocalEndpoint) { span.sharedLocalEndpoint = try known(last?.sharedLocalEndpoint) }
        if parts.contains(.sameResource) { span.sharedResource = try known(last?.sharedResource) }
        if parts.contains(.sameScope) { span.sharedScope = try known(last?.sharedScope) }
    }

    private func known<Value>(_ shared: Shared<Value>?) throws(SpanBlob.Damaged) -> Shared<Value> {
        guard let shared else { throw SpanBlob.Damaged() }
        return shared
    }

    private mutating func scope() throws(SpanBlob.Damaged) -> InstrumentationScope {
        var scope = InstrumentationScope(name: try text(), version: try text(), attributes: try attributes())
        scope.droppedAttributes = try smallNumber()
        scope.schemaURL = try text()
        return scope
    }

    private mutating func readDetails(of span: inout SpanRecord) throws(SpanBlob.Damaged) {
        span.traceState = try text()
        span.flags = try smallNumber()
        span.dropped.attributes = try smallNumber()
        span.dropped.events = try smallNumber()
        span.dropped.links = try smallNumber()
        let events = try list { reader throws(SpanBlob.Damaged) in try reader.smallNumber() }
        guard events.count == span.events.count else { throw SpanBlob.Damaged() }
        for (index, dropped) in events.enumerated() { span.events[index].droppedAttributes = dropped }
        try readDetails(of: &span.links)
        let dropped = try smallNumber()
        let schema = try text()
        if var resource = span.resource, dropped != resource.droppedAttributes || schema != resource.schemaURL {
            resource.droppedAttributes = dropped
            resource.schemaURL = schema
            span.resource = resource
        }
    }

    private mutating func readDetails(of links: inout [SpanRecord.Link]) throws(SpanBlob.Damaged) {
        guard try number() == UInt64(links.count) else { throw SpanBlob.Damaged() }
        for index in links.indices {
            links[index].droppedAttributes = try smallNumber()
            links[index].traceState = try text()
            links[index].flags = try smallNumber()
        }
    }

    private mutating func smallNumber() throws(SpanBlob.Damaged) -> UInt32 {
        guard let value = UInt32(exactly: try number()) else { throw SpanBlob.Damaged() }
        return value
    }

    package mutating func list<Element>(
        _ element: (inout BlobReader) throws(SpanBlob.Damaged) -> Element
    ) throws(SpanBlob.Damaged) -> [Element] {
        let count = try number()
        // Each element takes at least a byte, so a larger count is damage, not a reason to reserve memory.
        guard count <= UInt64(bytes.count - index) else { throw SpanBlob.Damaged() }
        var elements: [Element] = []
        elements.reserveCapacity(Int(count))
        for _ in 0..<count { elements.append(try element(&self)) }
        return elements
    }

    package mutating func byte() throws(SpanBlob.Damaged) -> UInt8 {
        guard index < bytes.count else { throw SpanBlob.Damaged() }
        defer { index += 1 }
        return bytes[index]
    }

    private mutating func link() throws(SpanBlob.Damaged) -> SpanRecord.Link {
        guard let trace = TraceID(high: try fixed(), low: try fixed()) else { throw SpanBlob.Damaged() }
        return SpanRecord.Link(traceID: trace, spanID: try spanID(), attributes: try attributes())
    }

    private mutating func endpoint() throws(SpanBlob.Damaged) -> NetworkEndpoint {
        let parts = SpanBlob.EndpointParts(rawValue: try number())
        var endpoint = NetworkEndpoint()
        if parts.contains(.serviceName) { endpoint.serviceName = try text() }
        if parts.contains(.ipv4) { endpoint.ipv4 = try text() }
        if parts.contains(.ipv6) { endpoint.ipv6 = try text() }
        if parts.contains(.port) { endpoint.port = UInt16(truncatingIfNeeded: try number()) }
        return endpoint
    }

    private mutating func attributes(depth: Int = 0) throws(SpanBlob.Damaged) -> [Attribute] {
        try list { reader throws(SpanBlob.Damaged) in Attribute(try reader.text(), try reader.value(depth: depth)) }
    }

    private mutating func value(depth: Int) throws(SpanBlob.Damaged) -> AttributeValue {
        guard depth < 32 else { throw SpanBlob.Damaged() }
        switch try byte() {
        case SpanBlob.ValueTag.string: return .string(try text())
        case SpanBlob.ValueTag.no: return .bool(false)
        case SpanBlob.ValueTag.yes: return .bool(true)
        case SpanBlob.ValueTag.int: return .int(Int64(bitPattern: try fixed()))
        case SpanBlob.ValueTag.double: return .double(Double(bitPattern: try fixed()))
        case SpanBlob.ValueTag.bytes:
            return .bytes(try list { reader throws(SpanBlob.Damaged) in try reader.byte() })
        case SpanBlob.ValueTag.map: return .map(try attributes(depth: depth + 1))
        case SpanBlob.ValueTag.empty: return .empty
        case SpanBlob.ValueTag.array:
            return .array(try list { reader throws(SpanBlob.Damaged) in try reader.value(depth: depth + 1) })
        default: throw SpanBlob.Damaged()
        }
    }

    private mutating func spanID() throws(SpanBlob.Damaged) -> SpanID {
        guard let id = SpanID(try fixed()) else { throw SpanBlob.Damaged() }
        return id
    }

    private mutating func text() throws(SpanBlob.Damaged) -> String {
        let count = try number()
        guard count <= UInt64(bytes.count - index) else { throw SpanBlob.Damaged() }
        defer { index += Int(count) }
        return String(decoding: bytes[index..<index + Int(count)], as: UTF8.self)
    }

    private mutating func number() throws(SpanBlob.Damaged) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let next = try byte()
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
        }
        throw SpanBlob.Damaged()
    }

    package mutating func fixed() throws(SpanBlob.Damaged) -> UInt64 {
        guard bytes.count - index >= 8 else { throw SpanBlob.Damaged() }
        defer { index += 8 }
        return bytes[index..<index + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
