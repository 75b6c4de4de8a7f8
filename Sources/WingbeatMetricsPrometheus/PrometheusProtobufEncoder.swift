// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
public import WingbeatMetrics
import WingbeatModel

/// Writes a snapshot as length-delimited `io.prometheus.client.MetricFamily` messages: the one format that carries
/// native histograms.
///
/// A histogram that was declared with `native:` has native buckets of that schema, or of a coarser one where they
/// would be more than ``maximumNativeBuckets``, beside its classic ones. Prometheus asks for this format when it runs
/// with `--enable-feature=native-histograms`, and keeps the native buckets then. Facts are gauges. A name that is taken
/// already is left out without a word.
///
/// Source: `io/prometheus/client/metrics.proto` (prometheus/client_model 0.3 and newer).
public struct PrometheusProtobufEncoder: PrometheusEncoder {
    /// How many native buckets a series has at most.
    public static let maximumNativeBuckets = 160

    /// An encoder; it has no settings.
    public init() {}

    /// The value of `Content-Type`, with the message's name and `delimited`.
    public var contentType: String {
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
    }

    /// The whole exposition.
    public func encode(_ snapshot: MetricSnapshot) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(snapshot.families.reduce(0) { $0 + $1.series.count * 64 })
        var names = TakenNames(isOpenMetrics: false)
        for family in snapshot.families where !family.series.isEmpty {
            let exposed = ExposedFamily(family)
            if names.take(exposed.names) { bytes.append(delimited: { append(exposed, to: &$0) }) }
        }
        return bytes
    }

    private func append(_ family: ExposedFamily, to bytes: inout [UInt8]) {
        bytes.append(field: 1, text: family.sampleName)
        if !family.descriptor.help.isEmpty { bytes.append(field: 2, text: family.descriptor.help) }
        bytes.append(field: 3, varint: family.descriptor.kind.metricType)
        for series in family.series {
            bytes.append(field: 4) { append(series, of: family.descriptor, to: &$0) }
        }
        if !family.names.unit.isEmpty { bytes.append(field: 5, text: family.names.unit) }
    }

    /// The message `Metric`.
    private func append(_ series: MetricSnapshot.Series, of descriptor: MetricDescriptor, to bytes: inout [UInt8]) {
        for (name, value) in exposedLabels(series.labels, of: descriptor.kind) {
            bytes.append(field: 1) { $0.append(label: name, value) }
        }
        switch series.value {
        case .gauge(let value): bytes.append(field: 2) { $0.append(field: 1, double: value) }
        case .counter(let value): bytes.append(field: 3) { $0.append(field: 1, double: value) }
        case .histogram(let histogram):
            bytes.append(field: 7) { append(histogram, schema: descriptor.nativeSchema, to: &$0) }
        }
    }

    /// The message `Histogram`.
    private func append(_ histogram: MetricSnapshot.Histogram, schema: Int?, to bytes: inout [UInt8]) {
        let native = schema.flatMap { schema in
            histogram.sketch?.fitted(to: schema, maximumBuckets: Self.maximumNativeBuckets)
        }
        // Both kinds of buckets are counted while others write; Prometheus refuses native ones with another sum.
        let count = native?.count ?? histogram.count
        bytes.append(field: 1, varint: count)
        bytes.append(field: 2, double: histogram.sum)
        appendClassicBuckets(of: histogram, atMost: count, to: &bytes)
        if let native { bytes.append(native: native) }
    }

    private func appendClassicBuckets(
        of histogram: MetricSnapshot.Histogram,
        atMost total: UInt64,
        to bytes: inout [UInt8]
    ) {
        let exemplars = histogram.exemplarsByBucket
        var cumulative: UInt64 = 0
        for (index, count) in histogram.counts.enumerated() {
            cumulative &+= count
            let isLast = index >= histogram.upperBounds.count
            bytes.append(field: 3) { bytes in
                bytes.append(field: 1, varint: isLast ? total : min(cumulative, total))
                bytes.append(field: 2, double: isLast ? .infinity : histogram.upperBounds[index])
                if let exemplar = exemplars[index] { bytes.append(field: 3) { $0.append(message: exemplar) } }
            }
        }
    }
}

extension [UInt8] {
    /// The message `LabelPair`.
    fileprivate mutating func append(label name: String, _ value: String) {
        append(field: 1, text: name)
        append(field: 2, text: value)
    }

    /// The message `Exemplar`, whose timestamp is a `google.protobuf.Timestamp`.
    fileprivate mutating func append(message exemplar: Exemplar) {
        append(field: 1) { $0.append(label: "trace_id", exemplar.traceID.hex32) }
        append(field: 1) { $0.append(label: "span_id", exemplar.spanID.hex) }
        append(field: 2, double: exemplar.value)
        append(field: 3) { bytes in
            bytes.append(field: 1, varint: exemplar.unixNanoseconds / 1_000_000_000)
            bytes.append(field: 2, varint: exemplar.unixNanoseconds % 1_000_000_000)
        }
    }
}

extension MetricKind {
    /// The enumeration `MetricType`.
    fileprivate var metricType: UInt64 {
        switch self {
        case .counter: 0
        case .gauge, .info: 1
        case .histogram: 4
        }
    }
}
