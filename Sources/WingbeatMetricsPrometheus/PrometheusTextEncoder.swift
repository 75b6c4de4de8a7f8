// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
public import WingbeatMetrics

/// Writes a snapshot as text: in Prometheus' own format or as OpenMetrics.
///
/// Histograms are written as cumulative `_bucket`, `_sum` and `_count`; native buckets cannot be said in text
/// (``PrometheusProtobufEncoder``).
public struct PrometheusTextEncoder: PrometheusEncoder {
    /// Which text.
    public enum Format: Hashable, Sendable {
        /// Prometheus' text format, version 0.0.4: what every scraper reads. It has no exemplars and no units, facts
        /// are gauges, and a comment stands where a family was left out.
        ///
        /// Source: prometheus.io/docs/instrumenting/exposition_formats.
        case text004
        /// OpenMetrics 1.0, which Prometheus asks for by itself: with units, exemplars and an end mark.
        ///
        /// Bounds are written as OpenMetrics wants them, `le="1.0"` where the other format has `le="1"`. A histogram
        /// with negative bounds has no `_sum` and no `_count`, which OpenMetrics forbids.
        ///
        /// Source: the OpenMetrics specification, version 1.0.0 (prometheus/OpenMetrics).
        case openMetrics
    }

    private let format: Format

    /// An encoder of the format.
    public init(format: Format = .text004) {
        self.format = format
    }

    /// The value of `Content-Type`, version included.
    public var contentType: String {
        switch format {
        case .text004: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// The whole exposition.
    public func encode(_ snapshot: MetricSnapshot) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(snapshot.families.reduce(0) { $0 + $1.series.count * 96 })
        var names = TakenNames(isOpenMetrics: format == .openMetrics)
        for family in snapshot.families where !family.series.isEmpty {
            let exposed = ExposedFamily(family)
            if names.take(exposed) {
                append(exposed, to: &bytes)
            } else {
                appendComment(on: exposed, to: &bytes)
            }
        }
        if format == .openMetrics { bytes.append(literal: "# EOF\n") }
        return bytes
    }

    /// The name of a family's samples, or how it begins: `http.server.requests` is `http_server_requests_total`.
    package static func exposedName(of descriptor: MetricDescriptor) -> String {
        ExposedFamily(MetricSnapshot.Family(descriptor: descriptor, series: [])).sampleName
    }

    /// OpenMetrics knows no comments, so there it is left out without a word.
    private func appendComment(on family: ExposedFamily, to bytes: inout [UInt8]) {
        guard format == .text004 else { return }
        bytes.append(text: "# \(family.sampleName) is exposed already; a second metric with that name is left out.\n")
    }

    private func append(_ family: ExposedFamily, to bytes: inout [UInt8]) {
        appendMetadata(of: family, to: &bytes)
        for series in family.series {
            let labels = LabelText(series.labels, of: family.descriptor.kind)
            switch series.value {
            case .counter(let value), .gauge(let value):
                bytes.append(text: family.sampleName)
                labels.append(to: &bytes)
                bytes.append(sample: value)
            case .histogram(let histogram):
                append(histogram, named: family.name, labels, to: &bytes)
            }
        }
    }

    private func appendMetadata(of family: ExposedFamily, to bytes: inout [UInt8]) {
        let isOpenMetrics = format == .openMetrics
        let name = isOpenMetrics ? family.name : family.sampleName
        if !family.descriptor.help.isEmpty {
            bytes.append(text: "# HELP \(name) ")
            bytes.append(escaped: family.descriptor.help, quotes: isOpenMetrics)
            bytes.append(UInt8(ascii: "\n"))
        }
        let kind = family.descriptor.kind == .info && !isOpenMetrics ? .gauge : family.descriptor.kind
        bytes.append(text: "# TYPE \(name) \(kind)\n")
        if isOpenMetrics, !family.unit.isEmpty { bytes.append(text: "# UNIT \(name) \(family.unit)\n") }
    }

    private func append(
        _ histogram: MetricSnapshot.Histogram,
        named name: String,
        _ labels: LabelText,
        to bytes: inout [UInt8]
    ) {
        let exemplars = format == .openMetrics ? histogram.exemplarsByBucket : [:]
        var cumulative: UInt64 = 0
        for (index, count) in histogram.counts.enumerated() {
            cumulative &+= count
            bytes.append(text: name)
            bytes.append(literal: "_bucket")
            let bound = index < histogram.upperBounds.count ? histogram.upperBounds[index] : .infinity
            labels.append(to: &bytes) { append(bound: bound, to: &$0) }
            bytes.append(UInt8(ascii: " "))
            bytes.append(decimal: cumulative)
            if let exemplar = exemplars[index] { bytes.append(exemplar: exemplar) }
            bytes.append(UInt8(ascii: "\n"))
        }
        if format == .openMetrics, let least = histogram.upperBounds.first, least < 0 { return }
        bytes.append(text: name)
        bytes.append(literal: "_sum")
        labels.append(to: &bytes)
        bytes.append(sample: histogram.sum)
        bytes.append(text: name)
        bytes.append(literal: "_count")
        labels.append(to: &bytes)
        bytes.append(UInt8(ascii: " "))
        bytes.append(decimal: cumulative)
        bytes.append(UInt8(ascii: "\n"))
    }

    private func append(bound: Double, to bytes: inout [UInt8]) {
        switch format {
        case .text004: bytes.append(double: bound)
        case .openMetrics: bytes.append(canonical: bound)
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(sample value: Double) {
        append(UInt8(ascii: " "))
        append(double: value)
        append(UInt8(ascii: "\n"))
    }
}
