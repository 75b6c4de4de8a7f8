// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatCompression
public import WingbeatMetrics
public import WingbeatMetricsPush
public import WingbeatModel

/// Writes readings in InfluxDB's line protocol, with Go kit's fields.
///
/// A family is a measurement, labels are tags, and all points of a flush have the same time, in nanoseconds:
///
/// - a counter has the field `count`, what was added since the flush before;
/// - a gauge has the field `value`;
/// - a histogram has `p50`, `p90`, `p95` and `p99` of the values since the flush before, and their `count` and `sum`.
///
/// A counter or histogram to which nothing happened is left out. Left out and counted by `wingbeat.exporter.omitted` are
/// numbers that are not finite, which the protocol cannot say (`not_finite`), and points whose measurement and tags have
/// more than 65,535 bytes, which InfluxDB refuses (`too_long`).
/// Source: docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference.
public struct InfluxDBEncoder: MetricEncoder {
    private let labels: LabelSet
    private let maximumMessageSize: Int
    private let isCompressed: Bool
    private let omissions: OmissionCounter

    /// - Parameters:
    ///   - labels: tags of every point.
    ///   - maximumMessageSize: the most bytes of a message, before it is compressed.
    ///   - isCompressed: whether messages are compressed with gzip.
    ///   - registry: where is counted what is left out; nil for nowhere.
    public init(
        labels: LabelSet = .empty,
        maximumMessageSize: Int = 1_000_000,
        isCompressed: Bool = false,
        registry: MetricRegistry? = nil
    ) {
        self.labels = labels
        self.maximumMessageSize = maximumMessageSize
        self.isCompressed = isCompressed
        omissions = OmissionCounter(exporter: "influxdb", registry: registry)
    }

    /// Writes a reading of what happened since the flush before.
    public func encode(_ reading: MetricSnapshot, at unixNanoseconds: UInt64) -> [[UInt8]] {
        var packer = MessagePacker(limit: maximumMessageSize)
        for family in reading.families {
            for series in family.series {
                let fields = Fields(series.value, omissions)
                guard !fields.isEmpty else { continue }
                let key = key(of: series, in: family)
                if key.count <= longestKey {
                    packer.append(line(key, fields, unixNanoseconds))
                } else {
                    omissions.omit(.tooLong)
                }
            }
        }
        // A message that could not be compressed, for want of memory, is refused by InfluxDB and counted.
        return isCompressed ? packer.messages.map { (try? Gzip.compress($0)) ?? $0 } : packer.messages
    }

    private func key(of series: MetricSnapshot.Series, in family: MetricSnapshot.Family) -> [UInt8] {
        var key: [UInt8] = []
        key.append(measurement: family.descriptor.name)
        for label in series.labels.exported(with: labels) {
            key.append(UInt8(ascii: ","))
            key.append(tagKey: label.name)
            key.append(UInt8(ascii: "="))
            key.append(tagPart: label.value)
        }
        return key
    }

    private func line(_ key: [UInt8], _ fields: Fields, _ unixNanoseconds: UInt64) -> [UInt8] {
        var line = key
        line.append(UInt8(ascii: " "))
        line += fields.bytes
        line.append(UInt8(ascii: " "))
        line.append(decimal: unixNanoseconds)
        line.append(UInt8(ascii: "\n"))
        return line
    }
}

/// The fields of a point; none where there is nothing to tell.
private struct Fields {
    private(set) var bytes: [UInt8] = []
    private let omissions: OmissionCounter

    var isEmpty: Bool { bytes.isEmpty }

    init(_ value: MetricSnapshot.Value, _ omissions: OmissionCounter) {
        self.omissions = omissions
        switch value {
        case .counter(0): break
        case .counter(let count): append("count", count)
        case .gauge(let value): append("value", value)
        case .histogram(let histogram) where histogram.count > 0: append(histogram)
        case .histogram: break
        }
    }

    private mutating func append(_ histogram: MetricSnapshot.Histogram) {
        for quantile in ExportedQuantile.allCases {
            guard let value = histogram.sketch?.quantile(quantile.rank) else { continue }
            append(quantile.rawValue, value)
        }
        append("count", Double(histogram.count))
        append("sum", histogram.sum)
    }

    private mutating func append(_ name: String, _ value: Double) {
        guard value.isFinite else { return omissions.omit(.notFinite) }
        if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
        bytes.append(text: name)
        bytes.append(UInt8(ascii: "="))
        bytes.append(double: value)
    }
}

/// InfluxDB refuses longer ones.
private let longestKey = 65_535
