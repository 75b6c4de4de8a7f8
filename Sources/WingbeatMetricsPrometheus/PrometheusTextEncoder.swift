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
        var taken = TakenNames(isOpenMetrics: format == .openMetrics)
        for family in snapshot.families { append(family, unless: &taken, to: &bytes) }
        appendEnd(to: &bytes)
        return bytes
    }

    /// Replaces the bytes by the whole exposition of a registry, straight from its memory: nothing is allocated for
    /// counters and gauges when the buffer is large enough from the time before.
    public func encode(_ registry: MetricRegistry, into bytes: inout [UInt8]) {
        bytes.removeAll(keepingCapacity: true)
        let sources = registry.readSources()
        var taken = TakenNames(isOpenMetrics: format == .openMetrics)
        let mayCollide = registry.mayCollide || !sources.isEmpty
        for table in registry.declaredTables where !table.isEmpty {
            append(table, mayCollide: mayCollide, unless: &taken, to: &bytes)
        }
        for family in sources { append(family, unless: &taken, to: &bytes) }
        for table in registry.ownTables { append(table, mayCollide: mayCollide, unless: &taken, to: &bytes) }
        appendEnd(to: &bytes)
    }

    /// The name of a family's samples, or how it begins: `http.server.requests` is `http_server_requests_total`.
    package static func exposedName(of descriptor: MetricDescriptor) -> String { ExposedNames(descriptor).sampleName }

    // MARK: Families

    private func append(
        _ table: FamilyTable,
        mayCollide: Bool,
        unless taken: inout TakenNames,
        to bytes: inout [UInt8]
    ) {
        guard !mayCollide || taken.take(table.names) else { return appendComment(on: table.names, to: &bytes) }
        appendMetadata(table.descriptor, table.names, to: &bytes)
        if table.descriptor.kind == .histogram {
            table.forEachHistogram { histogram in
                append(histogram.value, named: table.names.name, LabelText(inside: histogram.labels), to: &bytes)
            }
        } else {
            table.forEachScalarBatch { bytes.append($0) }
        }
    }

    private func append(
        _ family: MetricSnapshot.Family,
        unless taken: inout TakenNames,
        to bytes: inout [UInt8]
    ) {
        guard !family.series.isEmpty else { return }
        let exposed = ExposedFamily(family)
        guard taken.take(exposed.names) else { return appendComment(on: exposed.names, to: &bytes) }
        appendMetadata(family.descriptor, exposed.names, to: &bytes)
        for series in family.series {
            let labels = LabelText(series.labels, of: family.descriptor.kind)
            switch series.value {
            case .counter(let value), .gauge(let value):
                bytes.append(text: exposed.sampleName)
                labels.append(to: &bytes)
                bytes.append(sample: value)
            case .histogram(let histogram):
                append(histogram, named: exposed.name, labels, to: &bytes)
            }
        }
    }

    /// OpenMetrics knows no comments, so there it is left out without a word.
    private func appendComment(on names: ExposedNames, to bytes: inout [UInt8]) {
        guard format == .text004 else { return }
        bytes.append(text: "# \(names.sampleName) is exposed already; a second metric with that name is left out.\n")
    }

    private func appendMetadata(_ descriptor: MetricDescriptor, _ names: ExposedNames, to bytes: inout [UInt8]) {
        let isOpenMetrics = format == .openMetrics
        let name = isOpenMetrics ? names.name : names.sampleName
        if !descriptor.help.isEmpty {
            bytes.append(literal: "# HELP ")
            bytes.append(text: name)
            bytes.append(UInt8(ascii: " "))
            bytes.append(escaped: descriptor.help, quotes: isOpenMetrics)
            bytes.append(UInt8(ascii: "\n"))
        }
        bytes.append(literal: "# TYPE ")
        bytes.append(text: name)
        bytes.append(UInt8(ascii: " "))
        bytes.append(text: (descriptor.kind == .info && !isOpenMetrics ? .gauge : descriptor.kind).rawValue)
        bytes.append(UInt8(ascii: "\n"))
        if isOpenMetrics, !names.unit.isEmpty { bytes.append(text: "# UNIT \(name) \(names.unit)\n") }
    }

    private func appendEnd(to bytes: inout [UInt8]) {
        if format == .openMetrics { bytes.append(literal: "# EOF\n") }
    }

    // MARK: Histograms

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
