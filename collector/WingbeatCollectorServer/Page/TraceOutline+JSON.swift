// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatModel
import WingbeatSpanCodecs

extension TraceOutline {
    /// The outline as JSON; docs/guides/collector-api.md says of the rows what is where.
    var json: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rows.count * 72 + 4096)
        bytes.append(UInt8(ascii: "{"))
        bytes.append(member: "traceId")
        bytes.append(jsonString: id.hex)
        bytes.append(member: "startNs")
        bytes.append(quoted: start)
        bytes.append(member: "durationNs")
        bytes.append(decimal: duration)
        bytes.append(member: "names")
        bytes.append(jsonArray: names) { $0.append(jsonString: $1) }
        bytes.append(member: "services")
        bytes.append(jsonArray: services) { $0.append(jsonString: $1) }
        bytes.append(member: "spans")
        bytes.append(jsonArray: rows) { $0.append($1) }
        bytes.append(member: "truncated")
        bytes.append(decimal: truncated)
        bytes.append(member: "problems")
        bytes.append(jsonArray: problems) { $0.append(jsonString: $1) }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ row: TraceOutline.Row) {
        append(UInt8(ascii: "["))
        append(row.id)
        append(UInt8(ascii: ","))
        if let parent = row.parent { append(parent) } else { append(literal: "null") }
        for number in [UInt64(row.name), UInt64(row.service), UInt64(row.kind)] {
            append(UInt8(ascii: ","))
            append(decimal: number)
        }
        append(comma: row.offset)
        append(comma: row.duration)
        append(comma: UInt64(row.flags.rawValue))
        append(literal: row.flags.contains(.shared) ? ",2]" : ",1]")
    }

    private mutating func append(comma number: UInt64?) {
        append(UInt8(ascii: ","))
        if let number { append(decimal: number) } else { append(literal: "null") }
    }

    /// A span's id as a JSON string.
    mutating func append(_ id: SpanID) {
        append(UInt8(ascii: "\""))
        append(hex: id.value)
        append(UInt8(ascii: "\""))
    }
}
