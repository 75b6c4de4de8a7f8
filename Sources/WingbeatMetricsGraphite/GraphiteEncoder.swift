// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatBytes
public import WingbeatMetrics
public import WingbeatMetricsPush
import WingbeatModel

/// Writes readings in Graphite's plaintext protocol: `name value second`.
///
/// It takes readings since the start and remembers what it told, so each exporter has its own. All lines of a flush
/// have the same second. Quantiles are those of the values since the last point, whatever becomes of counters; there are
/// none where there were no values. Left out and counted by `wingbeat.exporter.omitted` are numbers that are not finite
/// (`not_finite`), and lines of more than 16,384 bytes, at which carbon ends the connection (`too_long`).
/// Source: graphite.readthedocs.io/en/latest/feeding-carbon.html.
public final class GraphiteEncoder: MetricEncoder {
    private let configuration: GraphiteConfiguration
    private let resolution: UInt64
    private let omissions: OmissionCounter
    private let window = Mutex(SlotWindow())

    /// An encoder that has told nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: where to and how.
    ///   - registry: where is counted what is left out; nil for nowhere.
    public init(_ configuration: GraphiteConfiguration, registry: MetricRegistry? = nil) {
        self.configuration = configuration
        omissions = OmissionCounter(exporter: "graphite", registry: registry)
        resolution = UInt64(clamping: configuration.resolution.components.seconds)
    }

    /// Writes a reading of numbers since the start.
    public func encode(_ reading: MetricSnapshot, at unixNanoseconds: UInt64) -> [[UInt8]] {
        let (slot, since) = window.withLock { window in
            window.advance(to: reading, time: unixNanoseconds / 1_000_000_000, length: resolution)
        }
        var packer = MessagePacker(limit: configuration.maximumMessageSize)
        let told = configuration.counters == .difference ? since : reading
        for (family, sinceFamily) in zip(told.families, since.families) {
            for (series, sinceSeries) in zip(family.series, sinceFamily.series) {
                let path = path(of: series, in: family)
                for point in points(series.value, quantilesOf: sinceSeries.value) {
                    append(line(path, point, at: slot), of: point, to: &packer)
                }
            }
        }
        return packer.messages
    }

    private func append(_ line: [UInt8], of point: Point, to packer: inout MessagePacker) {
        guard point.value.isFinite else { return omissions.omit(.notFinite) }
        guard line.count <= longestLine else { return omissions.omit(.tooLong) }
        packer.append(line)
    }

    private func path(of series: MetricSnapshot.Series, in family: MetricSnapshot.Family) -> GraphitePath {
        configuration.naming.path(
            family.descriptor.name,
            prefix: configuration.prefix,
            series.labels.exported(with: configuration.labels)
        )
    }

    /// The numbers of a series, each with what is added to its name.
    private func points(_ value: MetricSnapshot.Value, quantilesOf since: MetricSnapshot.Value) -> [Point] {
        switch (value, since) {
        case (.counter(let value), _), (.gauge(let value), _):
            [("", value)]
        case (.histogram(let histogram), .histogram(let since)):
            ExportedQuantile.allCases.compactMap { quantile in
                since.sketch?.quantile(quantile.rank).map { (".\(quantile)", $0) }
            } + [(".count", Double(histogram.count)), (".sum", histogram.sum)]
        case (.histogram, _):
            []
        }
    }

    private func line(_ path: GraphitePath, _ point: Point, at second: UInt64) -> [UInt8] {
        var line = path.name
        line.append(text: point.suffix)
        line += path.tags
        line.append(UInt8(ascii: " "))
        line.append(double: point.value)
        line.append(UInt8(ascii: " "))
        line.append(decimal: second)
        line.append(UInt8(ascii: "\n"))
        return line
    }
}

private typealias Point = (suffix: String, value: Double)

/// carbon's `LineOnlyReceiver` drops the connection at a longer one.
private let longestLine = 16_384
