// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

/// Makes the values of a block, each once: spans share them.
struct BlockValues {
    private enum Value {
        case text(String)
        case attribute(AttributeValue)
        case event(SpanRecord.Event)
        case links([SpanRecord.Link])
        case endpoint(Shared<NetworkEndpoint>)
        case resource(Shared<Resource>)
        case scope(Shared<InstrumentationScope>)
        case details(flags: UInt32, SpanRecord.Dropped)
    }

    let table: BlockTable
    private var known: [Value?]

    init(_ table: BlockTable) {
        self.table = table
        known = Array(repeating: nil, count: table.columns.last?.values.upperBound ?? 0)
    }

    /// Gives a span a value of a column; events get their moments later.
    mutating func add(_ number: Int, of column: Int, to span: inout SpanRecord) throws(SpanBlob.Damaged) {
        let column = table.columns[column]
        switch try value(number, of: column.role) {
        case .text(let text):
            switch column.role {
            case .name: span.name = text
            case .message: span.status = .error(text)
            default: span.traceState = text
            }
        case .attribute(let value): span.attributes.append(Attribute(column.key, value))
        case .event(let event): span.events.append(event)
        case .links(let links): span.links = links
        case .endpoint(let endpoint):
            if column.role == .localEndpoint {
                span.sharedLocalEndpoint = endpoint
            } else {
                span.sharedRemoteEndpoint = endpoint
            }
        case .resource(let resource): span.sharedResource = resource
        case .scope(let scope): span.sharedScope = scope
        case .details(let flags, let dropped): (span.flags, span.dropped) = (flags, dropped)
        }
    }

    private mutating func value(_ number: Int, of role: ColumnRole) throws(SpanBlob.Damaged) -> Value {
        if let value = known[number] { return value }
        let value = try made(number, of: role)
        known[number] = value
        return value
    }

    private func made(_ number: Int, of role: ColumnRole) throws(SpanBlob.Damaged) -> Value {
        var reader = try table.reader(of: number)
        switch role {
        case .name, .message, .traceState: return .text(table.text(of: number))
        case .text, .int, .value: return .attribute(try table.attributeValue(number, role))
        case .event: return .event(try reader.event())
        case .links: return .links(try reader.links())
        case .localEndpoint, .remoteEndpoint: return .endpoint(Shared(try reader.endpoint()))
        case .resource: return .resource(Shared(try reader.resource()))
        case .scope: return .scope(Shared(try reader.scope()))
        case .details:
            let flags = try reader.small()
            return .details(flags: flags, try reader.dropped())
        }
    }
}

extension BlockTable {
    /// The value of an attribute.
    func attributeValue(_ number: Int, _ role: ColumnRole) throws(SpanBlob.Damaged) -> AttributeValue {
        var reader = try reader(of: number)
        switch role {
        case .text: return .string(text(of: number))
        case .int: return .int(try reader.shortInt())
        default: return try reader.value()
        }
    }
}

extension PackedReader {
    fileprivate mutating func shortInt() throws(SpanBlob.Damaged) -> Int64 {
        guard rest <= 8 else { throw SpanBlob.Damaged() }
        var zigzag: UInt64 = 0
        for shift in 0..<UInt64(rest) { zigzag |= UInt64(try byte()) << (8 * shift) }
        return Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1)
    }

    mutating func dropped() throws(SpanBlob.Damaged) -> SpanRecord.Dropped {
        var dropped = SpanRecord.Dropped()
        dropped.attributes = try small()
        dropped.events = try small()
        dropped.links = try small()
        return dropped
    }
}
