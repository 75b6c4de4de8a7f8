// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
public import WingbeatMetrics
import WingbeatModel

/// Writes a snapshot as Go's `expvar` handler does: one JSON object, a variable a line, sorted by name.
///
/// - A series without labels is a number: `"jobs": 3`.
/// - A family that has series with labels is an object, as an `expvar.Map`: `"requests": {"method=GET,route=/": 3}`. The
///   keys are the labels by name; a backslash stands before a comma, an equals sign or a backslash in them. The series
///   without labels, if there is one, has the key `""`.
/// - A histogram is `name.p50`, `.p90`, `.p95`, `.p99` (where quantiles are kept and there are values), `.count` and
///   `.sum`.
/// - `cmdline` is the command line and `memstats` what is known of the memory; metrics of these names, and further ones
///   of any name, are left out.
///
/// A number that is not finite is `null`.
/// Source: pkg.go.dev/expvar.
public struct ExpvarEncoder: Sendable {
    /// The value of `Content-Type`.
    public static let contentType = "application/json; charset=utf-8"

    private let commandLine: [String]

    /// - Parameter commandLine: the program and its arguments.
    public init(commandLine: [String]) {
        self.commandLine = commandLine
    }

    /// The whole object.
    ///
    /// - Parameters:
    ///   - snapshot: what there is to show.
    ///   - memory: nil to leave `memstats` empty.
    public func encode(_ snapshot: MetricSnapshot, memory: MemoryStatistics?) -> [UInt8] {
        var variables = ["cmdline": cmdline, "memstats": memstats(memory)]
        for family in snapshot.families {
            for (name, json) in Self.variables(of: family) where variables[name] == nil { variables[name] = json }
        }
        var bytes: [UInt8] = []
        for (name, json) in variables.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            bytes.append(literal: bytes.isEmpty ? "{\n" : ",\n")
            bytes.append(jsonString: name)
            bytes.append(literal: ": ")
            bytes += json
        }
        bytes.append(literal: "\n}\n")
        return bytes
    }

    private var cmdline: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(UInt8(ascii: "["))
        for (index, argument) in commandLine.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(jsonString: argument)
        }
        bytes.append(UInt8(ascii: "]"))
        return bytes
    }

    private func memstats(_ memory: MemoryStatistics?) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(UInt8(ascii: "{"))
        for (index, (name, count)) in (memory?.byName ?? []).enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(jsonString: name)
            bytes.append(UInt8(ascii: ":"))
            bytes.append(decimal: count)
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private static func variables(of family: MetricSnapshot.Family) -> [(name: String, json: [UInt8])] {
        var numbers: [String: [(labels: LabelSet, value: Double)]] = [:]
        for series in family.series {
            for (suffix, value) in series.value.expvarNumbers {
                numbers[suffix, default: []].append((series.labels, value))
            }
        }
        return numbers.map { suffix, rows in (family.descriptor.name + suffix, json(rows)) }
    }

    private static func json(_ rows: [(labels: LabelSet, value: Double)]) -> [UInt8] {
        var bytes: [UInt8] = []
        if rows.count == 1, rows[0].labels.labels.isEmpty {
            bytes.append(jsonNumber: rows[0].value)
            return bytes
        }
        let byKey = rows.map { (key: $0.labels.expvarKey, value: $0.value) }
        bytes.append(UInt8(ascii: "{"))
        for (key, value) in byKey.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            if bytes.count > 1 { bytes.append(literal: ", ") }
            bytes.append(jsonString: key)
            bytes.append(literal: ": ")
            bytes.append(jsonNumber: value)
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}

extension MetricSnapshot.Value {
    /// The numbers of a series, each with what is added to its name.
    fileprivate var expvarNumbers: [(suffix: String, value: Double)] {
        switch self {
        case .counter(let value), .gauge(let value):
            [("", value)]
        case .histogram(let histogram):
            quantiles.compactMap { suffix, rank in histogram.sketch?.quantile(rank).map { (suffix, $0) } }
                + [(".count", Double(histogram.count)), (".sum", histogram.sum)]
        }
    }
}

extension LabelSet {
    fileprivate var expvarKey: String {
        labels.map { escaped($0.name) + "=" + escaped($0.value) }.joined(separator: ",")
    }

    private func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "," || scalar == "=" || scalar == "\\" { escaped.append("\\") }
            escaped.append(scalar)
        }
        return String(escaped)
    }
}

extension [UInt8] {
    fileprivate mutating func append(jsonNumber value: Double) {
        if value.isFinite { append(double: value) } else { append(literal: "null") }
    }
}

/// Go kit's.
private let quantiles = [(".p50", 0.5), (".p90", 0.9), (".p95", 0.95), (".p99", 0.99)]
