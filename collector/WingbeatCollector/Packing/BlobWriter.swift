// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

package import WingbeatModel

/// Writes the bytes that ``BlobReader`` reads.
package struct BlobWriter {
    package var bytes: [UInt8] = []
    private var last = Origin()

    /// Writes nothing yet.
    package init() {}

    package mutating func append(_ span: SpanRecord) {
        let parts = parts(of: span)
        append(parts.rawValue)
        append(fixed: span.id.value)
        if let parent = span.parentID { append(fixed: parent.value) }
        append(UInt64(span.kind?.rawValue ?? 0))
        append(span.name)
        append(span.startNanoseconds)
        append(span.durationNanoseconds)
        if case .error(let message) = span.status { append(message) }
        append(span.attributes) { $0.append($1) }
        append(span.events) { writer, event in
            writer.append(event.nanoseconds)
            writer.append(event.name)
            writer.append(event.attributes) { $0.append($1) }
        }
        append(span.links) { writer, link in
            writer.append(fixed: link.traceID.high)
            writer.append(fixed: link.traceID.low)
            writer.append(fixed: link.spanID.value)
            writer.append(link.attributes) { $0.append($1) }
        }
        if parts.contains(.localEndpoint), let endpoint = span.localEndpoint { append(endpoint) }
        if let endpoint = span.sharedRemoteEndpoint?.value { append(endpoint) }
        if parts.contains(.resource), let resource = span.resource {
            append(resource.serviceName)
            append(resource.attributes) { $0.append($1) }
        }
        if parts.contains(.scope), let scope = span.scope { append(scope) }
        if parts.contains(.details) { append(detailsOf: span) }
        last = Origin(span)
    }

    /// What spans of one post have in common.
    private struct Origin {
        var localEndpoint: Shared<NetworkEndpoint>?
        var resource: Shared<Resource>?
        var scope: Shared<InstrumentationScope>?

        init() {}

        init(_ span: SpanRecord) {
            localEndpoint = span.sharedLocalEndpoint
            resource = span.sharedResource
            scope = span.sharedScope
        }
    }

    private mutating func append(_ scope: InstrumentationScope) {
        append(scope.name)
        append(scope.version)
        append(scope.attributes) { $0.append($1) }
        append(UInt64(scope.droppedAttributes))
        append(scope.schemaURL)
    }

    private mutating func append(detailsOf span: SpanRecord) {
        append(span.traceState)
        append(UInt64(span.flags))
        append(UInt64(span.dropped.attributes))
        append(UInt64(span.dropped.events))
        append(UInt64(span.dropped.links))
        append(span.events) { $0.append(UInt64($1.droppedAttributes)) }
        append(span.links) { writer, link in
            writer.append(UInt64(link.droppedAttributes))
            writer.append(link.traceState)
            writer.append(UInt64(link.flags))
        }
        append(UInt64(span.resource?.droppedAttributes ?? 0))
        append(span.resource?.schemaURL ?? "")
    }

    package mutating func append<Element>(_ list: [Element], _ element: (inout BlobWriter, Element) -> Void) {
        append(UInt64(list.count))
        // Elements are looked at where they are: to copy a span is to count a dozen references.
        list.withUnsafeBufferPointer { list in
            for index in list.indices { element(&self, list[index]) }
        }
    }

    private func parts(of span: SpanRecord) -> SpanBlob.Parts {
        var parts: SpanBlob.Parts = []
        if span.parentID != nil { parts.insert(.parent) }
        if let endpoint = span.sharedLocalEndpoint {
            parts.insert(endpoint.isIdentical(to: last.localEndpoint) ? .sameLocalEndpoint : .localEndpoint)
        }
        if span.sharedRemoteEndpoint != nil { parts.insert(.remoteEndpoint) }
        if let resource = span.sharedResource {
            parts.insert(resource.isIdentical(to: last.resource) ? .sameResource : .resource)
        }
        if let scope = span.sharedScope {
            parts.insert(scope.isIdentical(to: last.scope) ? .sameScope : .scope)
        }
        if span.hasDetails { parts.insert(.details) }
        if span.isShared { parts.insert(.shared) }
        if span.isDebug { parts.insert(.debug) }
        switch span.status {
        case .unset: break
        case .ok: parts.insert(.ok)
        case .error: parts.insert(.error)
        }
        return parts
    }

    private mutating func append(_ endpoint: NetworkEndpoint) {
        var parts: SpanBlob.EndpointParts = []
        if endpoint.serviceName != nil { parts.insert(.serviceName) }
        if endpoint.ipv4 != nil { parts.insert(.ipv4) }
        if endpoint.ipv6 != nil { parts.insert(.ipv6) }
        if endpoint.port != nil { parts.insert(.port) }
        append(parts.rawValue)
        if let name = endpoint.serviceName { append(name) }
        if let address = endpoint.ipv4 { append(address) }
        if let address = endpoint.ipv6 { append(address) }
        if let port = endpoint.port { append(UInt64(port)) }
    }

    private mutating func append(_ attribute: Attribute) {
        append(attribute.key)
        append(attribute.value)
    }

    private mutating func append(_ value: AttributeValue) {
        switch value {
        case .string(let text):
            bytes.append(SpanBlob.ValueTag.string)
            append(text)
        case .bool(let value): bytes.append(value ? SpanBlob.ValueTag.yes : SpanBlob.ValueTag.no)
        case .int(let value):
            bytes.append(SpanBlob.ValueTag.int)
            append(fixed: UInt64(bitPattern: value))
        case .double(let value):
            bytes.append(SpanBlob.ValueTag.double)
            append(fixed: value.bitPattern)
        case .array(let values):
            bytes.append(SpanBlob.ValueTag.array)
            append(values) { $0.append($1) }
        case .bytes(let data):
            bytes.append(SpanBlob.ValueTag.bytes)
            append(UInt64(data.count))
            bytes.append(contentsOf: data)
        case .map(let attributes):
            bytes.append(SpanBlob.ValueTag.map)
            append(attributes) { $0.append($1) }
        case .empty: bytes.append(SpanBlob.ValueTag.empty)
        }
    }

    private mutating func append(_ text: String) {
        append(UInt64(text.utf8.count))
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { bytes.append(contentsOf: $0) }
        if isDone == nil { bytes.append(contentsOf: text.utf8) }
    }

    private mutating func append(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    package mutating func append(fixed number: UInt64) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
}

extension SpanRecord {
    fileprivate var hasDetails: Bool {
        !traceState.isEmpty || flags != 0 || dropped != Dropped()
            || events.contains { $0.droppedAttributes != 0 }
            || links.contains { $0.droppedAttributes != 0 || !$0.traceState.isEmpty || $0.flags != 0 }
            || sharedResource.map { $0.value.droppedAttributes != 0 || !$0.value.schemaURL.isEmpty } == true
    }
}

extension Shared {
    fileprivate func isIdentical(to other: Shared?) -> Bool { other.map { isIdentical(to: $0) } ?? false }
}
