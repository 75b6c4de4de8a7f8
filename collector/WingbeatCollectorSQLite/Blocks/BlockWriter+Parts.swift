// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatModel

extension BlockWriter {
    /// The services, the columns and their values: what says whether the block may hold something.
    ///
    /// How many services, and each: 0 for none, or else its length and 1, and its bytes. How many columns, and each: its
    /// role, its key where it has one, how many values. The lengths of all values, then their bytes.
    var table: [UInt8] {
        var table: [UInt8] = []
        table.append(varint: UInt64(services.count))
        for service in services {
            table.append(varint: UInt64(service.map { $0.utf8.count + 1 } ?? 0))
            table.append(contentsOf: (service ?? "").utf8)
        }
        table.append(varint: UInt64(columns.count))
        for column in columns {
            table.append(column.role.rawValue)
            if column.role.isAttribute { table.append(packed: column.key) }
            table.append(varint: UInt64(column.count))
        }
        let sorted = valuesByColumn
        for value in sorted { table.append(varint: UInt64(values.entries[value].count)) }
        for value in sorted { table.append(contentsOf: values.bytes(of: value)) }
        return table
    }

    private var valuesByColumn: [Int] {
        var place = 0
        var places = columns.map { column in
            defer { place += column.count }
            return place
        }
        var order = [Int](repeating: 0, count: values.entries.count)
        for value in 0..<values.entries.count {
            let column = values.entries[value].group
            order[places[column]] = value
            places[column] += 1
        }
        return order
    }

    /// The spans: how many shapes, and each: its length and its bytes; then the length of each stream, and the streams:
    /// the traces, the shapes of spans, their parents, starts and durations, the times of events, the columns.
    func spans(traces: [UInt8], parents: [UInt8]) -> [UInt8] {
        var spans: [UInt8] = []
        spans.append(varint: UInt64(shapes.entries.count))
        for shape in 0..<shapes.entries.count {
            spans.append(varint: UInt64(shapes.entries[shape].count))
            spans.append(contentsOf: shapes.bytes(of: shape))
        }
        let streams = [traces, shapeNumbers, parents, starts, durations, eventTimes]
        for stream in streams { spans.append(varint: UInt64(stream.count)) }
        for column in columns { spans.append(varint: UInt64(column.numbers.count)) }
        for stream in streams { spans.append(contentsOf: stream) }
        for column in columns { spans.append(contentsOf: column.numbers) }
        return spans
    }
}
