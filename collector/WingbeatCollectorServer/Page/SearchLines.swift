// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

/// The lines of a search's answer.
enum SearchLines {
    static func trace(_ trace: FoundTrace) -> [UInt8] {
        line("trace") { $0.append(trace) }
    }

    /// - Parameter until: microseconds since 1970; all that began later was looked at.
    static func progress(searched: Int, matched: Int, until: Int64) -> [UInt8] {
        line("progress") { bytes in
            bytes.append(member: "searched")
            bytes.append(decimal: searched)
            bytes.append(member: "matched")
            bytes.append(decimal: matched)
            bytes.append(member: "until")
            bytes.append(decimal: until)
        }
    }

    static func end(_ end: SearchEnd, matched: Int, _ scatter: [SearchScatter.Point]) -> [UInt8] {
        line("end") { bytes in
            bytes.append(member: "matched")
            bytes.append(decimal: matched)
            bytes.append(member: "searched")
            bytes.append(decimal: end.searched)
            bytes.append(member: "complete")
            bytes.append(text: end.reason == nil ? "true" : "false")
            if let reason = end.reason {
                bytes.append(member: "reason")
                bytes.append(jsonString: reason)
            }
            bytes.append(member: "scatter")
            bytes.append(jsonArray: scatter) { $0.append($1) }
        }
    }

    private static func line(_ name: StaticString, _ body: (inout [UInt8]) -> Void) -> [UInt8] {
        var bytes = Array("{".utf8)
        bytes.append(member: name)
        bytes.append(UInt8(ascii: "{"))
        body(&bytes)
        bytes.append(literal: "}}\n")
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ trace: FoundTrace) {
        append(members: trace.summary)
        append(member: "services")
        let names = trace.summary.services.keys.sorted()
        append(jsonArray: names) { bytes, name in
            bytes.append(UInt8(ascii: "{"))
            bytes.append(member: "name")
            bytes.append(jsonString: name)
            bytes.append(member: "spanCount")
            bytes.append(decimal: trace.summary.services[name] ?? 0)
            bytes.append(member: "errorCount")
            bytes.append(decimal: trace.errors[name] ?? 0)
            bytes.append(UInt8(ascii: "}"))
        }
        if trace.isTruncated { append(literal: ",\"truncated\":true") }
        if trace.isSkewed { append(literal: ",\"skewed\":true") }
    }

    /// Times in microseconds.
    private mutating func append(members summary: TraceSummary) {
        append(member: "traceId")
        append(jsonString: summary.id.hex)
        append(member: "service")
        append(jsonString: summary.rootService)
        append(member: "name")
        append(jsonString: summary.rootName)
        append(member: "timestamp")
        append(decimal: summary.startNanoseconds / 1000)
        append(member: "duration")
        append(decimal: summary.durationNanoseconds / 1000)
        append(member: "spanCount")
        append(decimal: summary.spanCount)
        append(member: "errorCount")
        append(decimal: summary.errorCount)
    }

    fileprivate mutating func append(_ point: SearchScatter.Point) {
        append(UInt8(ascii: "["))
        append(decimal: point.start)
        append(UInt8(ascii: ","))
        append(decimal: point.duration)
        append(UInt8(ascii: ","))
        append(decimal: point.errors)
        append(UInt8(ascii: ","))
        append(jsonString: point.id.hex)
        append(UInt8(ascii: "]"))
    }
}
