// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatModel

/// Takes spans apart into columns, those of a trace one after the other.
struct BlockWriter: ~Copyable {
    /// The values of spans of one service that play one role.
    struct Column {
        let role: ColumnRole
        let key: String
        /// How many distinct values there are.
        var count = 0
        /// Which value each span has that has one: zero for the next that has not occurred yet, or else its number, the
        /// first of which is 1.
        var numbers: [UInt8] = []
    }

    private(set) var columns: [Column] = []
    private(set) var values = Interner()
    private(set) var shapes = Interner()
    private(set) var shapeNumbers: [UInt8] = []
    private(set) var starts: [UInt8] = []
    private(set) var durations: [UInt8] = []
    private(set) var eventTimes: [UInt8] = []
    /// The names of services in lower case; nil for that of spans which name none.
    private(set) var services: [String?] = []
    var filter = BlockFilter()
    private var serviceNumbers: [[UInt8]?: Int] = [:]
    /// By service and role, for roles without a key.
    private var fixedColumns: [Int?] = []
    private var attributeColumns = Interner()
    private var origins: [Origin: KnownOrigin] = [:]
    private var shape: [UInt8] = []
    private var scratch: [UInt8] = []

    /// Takes a span apart.
    ///
    /// It is looked at where it is: to copy a span is to count a dozen references.
    ///
    /// - Parameter base: near its start, in nanoseconds; whole microseconds.
    mutating func append(_ span: UnsafePointer<SpanRecord>, base: UInt64) {
        let bits = ShapeBits(of: span.pointee, base: base)
        shape.removeAll(keepingCapacity: true)
        shape.append(bits.rawValue)
        let service = appendOrigin(of: span)
        if append(span.pointee.name, as: .name, service) { noteName(span.pointee.name, service) }
        for attribute in span.pointee.attributes { append(attribute, service) }
        appendRemote(span.pointee.sharedRemoteEndpoint?.value, service)
        appendStatus(of: span, service)
        for event in span.pointee.events { append(event, service) }
        appendDetails(of: span, service)
        appendTimes(of: span, base: base, unit: bits.unit)
        appendShape(bits, service)
    }

    private mutating func appendShape(_ bits: ShapeBits, _ service: Int) {
        let known = shape.withUnsafeBufferPointer { bytes in
            shapes.number(of: bytes, hash: StableHash.of(bytes), group: 0, next: shapes.entries.count)
        }
        if known.isNew { noteStatus(bits, service) }
        shapeNumbers.append(varint: UInt64(known.number))
    }

    private mutating func appendTimes(of span: UnsafePointer<SpanRecord>, base: UInt64, unit: Int64) {
        starts.append(zigzag: span.pointee.startNanoseconds.distance(after: base) / unit)
        durations.append(varint: span.pointee.durationNanoseconds / UInt64(unit))
        for event in span.pointee.events {
            eventTimes.append(zigzag: event.nanoseconds.distance(after: span.pointee.eventBase(base)) / unit)
        }
        // Zipkin rounds.
        filter.longest = max(filter.longest, span.pointee.durationNanoseconds / 1000 + 1)
    }
}

// The parts of a span.
extension BlockWriter {
    private mutating func append(_ attribute: Attribute, _ service: Int) {
        switch attribute.value {
        case .string(let text):
            let column = column(.text, attribute.key, service)
            text.withUTF8Bytes { bytes in
                let hash = StableHash.of(bytes)
                if append(bytes, hash, to: column).isNew { noteTag(attribute, value: hash, service) }
            }
        case .int(let number):
            let column = column(.int, attribute.key, service)
            let zigzag = UInt64(bitPattern: number << 1 ^ number >> 63)
            let value = zigzag.withShortBytes { append($0, StableHash.of($0), to: column) }
            if value.isNew { noteTag(attribute, service) }
        default:
            let column = column(.value, attribute.key, service)
            let value = append(to: column) { $0.append(packed: attribute.value) }
            if value.isNew { noteTag(attribute, service) }
        }
    }

    private mutating func appendRemote(_ remote: NetworkEndpoint?, _ service: Int) {
        guard let remote else { return }
        let value = append(to: column(.remoteEndpoint, service)) { $0.append(packed: remote) }
        if value.isNew { noteRemote(remote.serviceName ?? "", service) }
    }

    private mutating func appendStatus(of span: UnsafePointer<SpanRecord>, _ service: Int) {
        guard case .error(let message) = span.pointee.status else { return }
        if append(message, as: .message, service) { noteTag(Attribute("error", message), service) }
    }

    private mutating func append(_ event: SpanRecord.Event, _ service: Int) {
        let value = append(to: column(.event, service)) { $0.append(packed: event) }
        if value.isNew { noteEvent(event, service) }
    }

    private mutating func appendDetails(of span: UnsafePointer<SpanRecord>, _ service: Int) {
        if !span.pointee.links.isEmpty {
            _ = append(to: column(.links, service)) { $0.append(packed: span.pointee.links) }
        }
        if !span.pointee.traceState.isEmpty { _ = append(span.pointee.traceState, as: .traceState, service) }
        guard span.pointee.flags != 0 || span.pointee.dropped != SpanRecord.Dropped() else { return }
        let value = append(to: column(.details, service)) { bytes in
            for number in [
                span.pointee.flags, span.pointee.dropped.attributes, span.pointee.dropped.events,
                span.pointee.dropped.links,
            ] {
                bytes.append(varint: UInt64(number))
            }
        }
        if value.isNew { noteDropped(span.pointee.dropped, service) }
    }
}

// Where a span comes from: looked at once for all spans that share the boxes.
extension BlockWriter {
    private struct Origin: Hashable {
        let local: ObjectIdentifier?
        let resource: ObjectIdentifier?
        let scope: ObjectIdentifier?

        init(_ span: UnsafePointer<SpanRecord>) {
            local = span.pointee.sharedLocalEndpoint?.identity
            resource = span.pointee.sharedResource?.identity
            scope = span.pointee.sharedScope?.identity
        }
    }

    private struct KnownOrigin {
        let service: Int
        var values: [(column: Int, number: Int)] = []
    }

    /// Appends what the boxes say.
    ///
    /// - Returns: the service.
    private mutating func appendOrigin(of span: UnsafePointer<SpanRecord>) -> Int {
        let origin = Origin(span)
        if let known = origins[origin] {
            shape.append(varint: UInt64(known.service))
            for (column, number) in known.values { append(number: number + 1, to: column) }
            return known.service
        }
        let known = newOrigin(of: span)
        origins[origin] = known
        return known.service
    }

    private mutating func newOrigin(of span: UnsafePointer<SpanRecord>) -> KnownOrigin {
        let service = service(span.pointee.serviceName?.lowercased())
        var known = KnownOrigin(service: service)
        shape.append(varint: UInt64(service))
        if let local = span.pointee.sharedLocalEndpoint?.value {
            let column = column(.localEndpoint, service)
            let value = append(to: column) { $0.append(packed: local) }
            known.values.append((column, value.number))
        }
        if let resource = span.pointee.sharedResource?.value {
            let column = column(.resource, service)
            let value = append(to: column) { $0.append(packed: resource) }
            if value.isNew { noteTags(resource.attributes, service) }
            known.values.append((column, value.number))
        }
        if let scope = span.pointee.sharedScope?.value {
            let column = column(.scope, service)
            let value = append(to: column) { $0.append(packed: scope) }
            if value.isNew { noteScope(scope, service) }
            known.values.append((column, value.number))
        }
        return known
    }

    private mutating func service(_ name: String?) -> Int {
        let bytes = name.map { Array($0.utf8) }
        if let known = serviceNumbers[bytes] { return known }
        serviceNumbers[bytes] = services.count
        services.append(name)
        filter.services.append(BlockHash.service(name))
        fixedColumns += [Int?](repeating: nil, count: ColumnRole.count)
        return services.count - 1
    }
}

// Columns.
extension BlockWriter {
    /// The column of a role without a key.
    private mutating func column(_ role: ColumnRole, _ service: Int) -> Int {
        let place = service * ColumnRole.count + Int(role.rawValue)
        if let known = fixedColumns[place] { return known }
        fixedColumns[place] = columns.count
        columns.append(Column(role: role, key: ""))
        return columns.count - 1
    }

    /// The column of the attributes of a type.
    private mutating func column(_ role: ColumnRole, _ key: String, _ service: Int) -> Int {
        let group = service * ColumnRole.count + Int(role.rawValue)
        let known = key.withUTF8Bytes { bytes in
            attributeColumns.number(of: bytes, hash: StableHash.of(bytes), group: group, next: columns.count)
        }
        if known.isNew {
            columns.append(Column(role: role, key: key))
            noteWord(key, service)
        }
        return known.number
    }

    private mutating func append(_ text: String, as role: ColumnRole, _ service: Int) -> Bool {
        let column = column(role, service)
        return text.withUTF8Bytes { append($0, StableHash.of($0), to: column).isNew }
    }

    private mutating func append(to column: Int, _ write: (inout [UInt8]) -> Void) -> (number: Int, isNew: Bool) {
        scratch.removeAll(keepingCapacity: true)
        write(&scratch)
        let bytes = scratch
        return bytes.withUnsafeBufferPointer { append($0, StableHash.of($0), to: column) }
    }

    private mutating func append(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ hash: UInt64,
        to column: Int
    ) -> (number: Int, isNew: Bool) {
        let value = values.number(of: bytes, hash: hash, group: column, next: columns[column].count)
        if value.isNew { columns[column].count += 1 }
        append(number: value.isNew ? 0 : value.number + 1, to: column)
        return value
    }

    private mutating func append(number: Int, to column: Int) {
        columns[column].numbers.append(varint: UInt64(number))
        shape.append(varint: UInt64(column))
    }
}
