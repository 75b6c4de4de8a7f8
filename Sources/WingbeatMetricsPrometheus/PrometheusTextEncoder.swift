// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
public import WingbeatMetrics
import WingbeatModel

/// Writes a snapshot in Prometheus' text format, version 0.0.4.
///
/// Names are made valid (dots become underscores), get their unit as suffix, and counters get `_total`, as
/// OpenTelemetry's compatibility rules have it. Histograms are written as cumulative `_bucket`, `_sum` and `_count`.
/// Source: prometheus.io/docs/instrumenting/exposition_formats.
public struct PrometheusTextEncoder: Sendable {
    /// The value of `Content-Type`.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The encoder has no settings.
    public init() {}

    /// The whole exposition. A family whose exposed name is taken already is left out, and a comment says so.
    public func encode(_ snapshot: MetricSnapshot) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(snapshot.families.reduce(0) { $0 + $1.series.count * 96 })
        var taken: Set<String> = []
        for family in snapshot.families where !family.series.isEmpty {
            let name = Self.exposedName(of: family.descriptor)
            let names = Self.sampleNames(of: family.descriptor, named: name)
            if taken.isDisjoint(with: names) {
                taken.formUnion(names)
                append(family, named: name, to: &bytes)
            } else {
                bytes.append(text: "# \(name) is exposed already; a second metric with that name is left out.\n")
            }
        }
        return bytes
    }

    /// The name after `# TYPE`: `http.server.requests` is `http_server_requests_total`.
    package static func exposedName(of descriptor: MetricDescriptor) -> String {
        var name = canonicalMetricName(descriptor.name)
        if descriptor.kind == .counter, name.hasSuffix("_total") { name.removeLast("_total".count) }
        let unit = canonicalMetricName(descriptor.unit)
        if !descriptor.unit.isEmpty, !name.hasSuffix("_" + unit) { name += "_" + unit }
        return descriptor.kind == .counter ? name + "_total" : name
    }

    /// Every name that a family takes for itself.
    private static func sampleNames(of descriptor: MetricDescriptor, named name: String) -> [String] {
        descriptor.kind == .histogram ? [name, name + "_bucket", name + "_sum", name + "_count"] : [name]
    }

    private func append(_ family: MetricSnapshot.Family, named name: String, to bytes: inout [UInt8]) {
        if !family.descriptor.help.isEmpty {
            bytes.append(text: "# HELP \(name) ")
            bytes.append(escaped: family.descriptor.help, quotes: false)
            bytes.append(UInt8(ascii: "\n"))
        }
        bytes.append(text: "# TYPE \(name) \(family.descriptor.kind)\n")
        for series in family.series {
            let labels = LabelText(series.labels, of: family.descriptor.kind)
            switch series.value {
            case .counter(let value), .gauge(let value):
                bytes.append(text: name)
                labels.append(to: &bytes)
                bytes.append(sample: value)
            case .histogram(let histogram):
                append(histogram, name, labels, to: &bytes)
            }
        }
    }

    private func append(
        _ histogram: MetricSnapshot.Histogram,
        _ name: String,
        _ labels: LabelText,
        to bytes: inout [UInt8]
    ) {
        var cumulative: UInt64 = 0
        for (index, count) in histogram.counts.enumerated() {
            cumulative &+= count
            bytes.append(text: name)
            bytes.append(literal: "_bucket")
            labels.append(
                to: &bytes,
                le: index < histogram.upperBounds.count ? histogram.upperBounds[index] : .infinity
            )
            bytes.append(sample: cumulative)
        }
        bytes.append(text: name)
        bytes.append(literal: "_sum")
        labels.append(to: &bytes)
        bytes.append(sample: histogram.sum)
        bytes.append(text: name)
        bytes.append(literal: "_count")
        labels.append(to: &bytes)
        bytes.append(sample: cumulative)
    }
}

/// The labels of a series as text, rendered once for all its lines.
private struct LabelText {
    private var inside: [UInt8] = []

    init(_ labels: LabelSet, of kind: MetricKind) {
        inside.reserveCapacity(labels.labels.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 8 })
        for (name, value) in Self.exposed(labels, of: kind) {
            if !inside.isEmpty { inside.append(UInt8(ascii: ",")) }
            inside.append(text: name)
            inside.append(literal: "=\"")
            inside.append(escaped: value, quotes: true)
            inside.append(UInt8(ascii: "\""))
        }
    }

    /// Labels with valid names, each once, for Prometheus refuses a whole scrape with a name that is there twice.
    ///
    /// Values of names that have become the same are joined with `;`, as OpenTelemetry's compatibility rules have it;
    /// a histogram's own label `le` becomes `exported_le`.
    private static func exposed(_ labels: LabelSet, of kind: MetricKind) -> [(name: String, value: String)] {
        var exposed: [(name: String, value: String)] = []
        for label in labels.labels {
            var name = canonicalLabelName(label.name)
            if kind == .histogram, name == "le" { name = "exported_le" }
            if let same = exposed.firstIndex(where: { $0.name == name }) {
                exposed[same].value += ";" + label.value
            } else {
                exposed.append((name, label.value))
            }
        }
        return exposed
    }

    func append(to bytes: inout [UInt8], le bound: Double? = nil) {
        guard !inside.isEmpty || bound != nil else { return }
        bytes.append(UInt8(ascii: "{"))
        bytes.append(contentsOf: inside)
        if let bound {
            if !inside.isEmpty { bytes.append(UInt8(ascii: ",")) }
            bytes.append(literal: "le=\"")
            bytes.append(double: bound)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "}"))
    }
}

extension [UInt8] {
    fileprivate mutating func append(sample value: Double) {
        append(UInt8(ascii: " "))
        append(double: value)
        append(UInt8(ascii: "\n"))
    }

    fileprivate mutating func append(sample value: UInt64) {
        append(UInt8(ascii: " "))
        append(decimal: value)
        append(UInt8(ascii: "\n"))
    }

    /// Escapes backslash and newline, and in label values the quote too.
    fileprivate mutating func append(escaped text: String, quotes: Bool) {
        let isClean = text.utf8.allSatisfy { $0 != 0x5C && $0 != 0x0A && $0 != 0x22 }
        if isClean { return append(contentsOf: text.utf8) }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append(literal: "\\\\")
            case UInt8(ascii: "\n"): append(literal: "\\n")
            case UInt8(ascii: "\"") where quotes: append(literal: "\\\"")
            default: append(byte)
            }
        }
    }
}
