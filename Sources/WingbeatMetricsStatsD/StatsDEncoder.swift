// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatMetrics
import WingbeatMetricsPush
import WingbeatModel

/// Writes readings as packets of StatsD lines: counters as what was added since the flush before, gauges as they are,
/// and each observation of a histogram that the tap has caught.
struct StatsDEncoder: MetricEncoder {
    private let configuration: StatsDConfiguration
    private let observationType: StatsDDialect.ObservationType
    private let tap: ObservationTap
    private let omissions: CounterFamily
    private let rate: [UInt8]

    /// - Parameters:
    ///   - tap: attached to the registry; drained with each reading.
    ///   - registry: where is counted what cannot be said.
    init(_ configuration: StatsDConfiguration, tap: ObservationTap, registry: MetricRegistry) {
        self.configuration = configuration
        self.tap = tap
        let types = configuration.dialect.observationTypes
        observationType = types.contains(configuration.observationType) ? configuration.observationType : .timings
        omissions = registry.counter(
            "wingbeat.exporter.omitted",
            help: "Values that an exporter could not say or had no room for.",
            labels: ["exporter", "reason"]
        )
        rate = Self.annotation(of: tap.sampleRate)
    }

    func encode(_ reading: MetricSnapshot, at unixNanoseconds: UInt64) -> [[UInt8]] {
        var packets = MessagePacker(limit: configuration.maximumPacketSize, separator: "\n")
        for family in reading.families {
            for series in family.series { write(series, of: family.descriptor, to: &packets) }
        }
        writeObservations(to: &packets)
        return packets.messages
    }

    private func write(
        _ series: MetricSnapshot.Series,
        of family: MetricDescriptor,
        to packets: inout MessagePacker
    ) {
        let text = { SeriesText(name: family.name, labels: series.labels, configuration: configuration) }
        switch series.value {
        case .counter(0), .histogram: return
        case .counter(let added) where added.isFinite: packets.append(line(added, "|c", text()))
        case .gauge(let value) where value.isFinite: packets.append(gauge(value, text()))
        case .counter, .gauge: omit(1, because: "not_finite")
        }
    }

    private func gauge(_ value: Double, _ text: SeriesText) -> [UInt8] {
        guard value < 0, configuration.dialect.takesSignsAsChanges else { return line(value, "|g", text) }
        return line(0, "|g", text) + [UInt8(ascii: "\n")] + line(value, "|g", text)
    }

    private func line(_ value: Double, _ type: StaticString, _ text: SeriesText) -> [UInt8] {
        var line = text.head
        line.append(plainDecimal: value)
        line.append(literal: type)
        line.append(contentsOf: text.tail)
        return line
    }

    private func omit(_ count: Int, because reason: String) {
        guard count > 0 else { return }
        omissions[configuration.dialect.name, reason].increment(by: count)
    }
}

extension StatsDEncoder {
    private struct SeriesKey: Hashable {
        let name: String
        let labels: LabelSet
    }

    private func writeObservations(to packets: inout MessagePacker) {
        let caught = tap.drain()
        var texts: [SeriesKey: SeriesText] = [:]
        for observation in caught.observations {
            packets.append(line(observation, text(of: observation, in: &texts)))
        }
        omit(Int(clamping: caught.dropped), because: "tap_full")
    }

    /// The text of the observation's series, made once for all its observations.
    private func text(
        of observation: ObservationTap.Observation,
        in texts: inout [SeriesKey: SeriesText]
    ) -> SeriesText {
        let key = SeriesKey(name: observation.descriptor.name, labels: observation.labels)
        if let known = texts[key] { return known }
        let text = SeriesText(name: key.name, labels: key.labels, configuration: configuration)
        texts[key] = text
        return text
    }

    private func line(_ observation: ObservationTap.Observation, _ text: SeriesText) -> [UInt8] {
        let isDuration = observationType == .timings && observation.descriptor.unit == "seconds"
        var line = text.head
        line.append(plainDecimal: observation.value, timesTenTo: isDuration ? 3 : 0)
        line.append(UInt8(ascii: "|"))
        line.append(text: observationType.rawValue)
        line.append(contentsOf: rate)
        line.append(contentsOf: text.tail)
        return line
    }

    private static func annotation(of sampleRate: Double) -> [UInt8] {
        guard sampleRate < 1 else { return [] }
        var rate = Array("|@".utf8)
        rate.append(plainDecimal: sampleRate)
        return rate
    }
}
