// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatBytes
public import WingbeatMetrics
public import WingbeatMetricsPush
import WingbeatModel

/// Writes readings as the JSON that an HTTPTrap check of Circonus takes.
///
/// It takes readings since the start and remembers what it told of histograms, so each exporter has its own.
///
/// - A counter is the sum since the start, for Circonus to derive: type `L` where it is whole, else `n`.
/// - A gauge has the type `n`.
/// - A histogram has `.count` and `.sum` since the start, and what was observed since the flush before as type `h`
///   (`["H[1.2e+01]=3"]`), as quantiles (type `n`), or both.
///
/// Numbers have their time, in milliseconds, so those that were late are put where they belong; the broker takes no time
/// with a histogram in this form. Left out and counted by `wingbeat.exporter.omitted` are numbers that are not finite
/// (`not_finite`), and metrics with a name of more than 4,095 bytes or a tag of more than 256, which Circonus does not
/// take (`too_long`).
/// Source: docs.circonus.com, "JSON:Push (HTTPTrap)", and `httptrap.c` of its broker, Reconnoiter.
public final class CirconusEncoder: MetricEncoder {
    private let configuration: CirconusConfiguration
    private let omissions: OmissionCounter
    private let window = Mutex(MetricWindow())

    /// An encoder that has told nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: where to and how.
    ///   - registry: where is counted what is left out; nil for nowhere.
    public init(_ configuration: CirconusConfiguration, registry: MetricRegistry? = nil) {
        self.configuration = configuration
        omissions = OmissionCounter(exporter: "circonus", registry: registry)
    }

    /// Writes a reading of numbers since the start.
    public func encode(_ reading: MetricSnapshot, at unixNanoseconds: UInt64) -> [[UInt8]] {
        let since = window.withLock { $0.advance(to: reading) }
        var writer = TrapWriter(
            unixMilliseconds: unixNanoseconds / 1_000_000,
            limit: configuration.maximumMessageSize,
            omissions: omissions
        )
        for (family, sinceFamily) in zip(reading.families, since.families) {
            for (series, sinceSeries) in zip(family.series, sinceFamily.series) {
                let labels = series.labels.exported(with: configuration.labels)
                let name = CirconusName(family.descriptor.name, labels)
                append(series.value, since: sinceSeries.value, name, to: &writer)
            }
        }
        return writer.messages
    }

    private func append(
        _ value: MetricSnapshot.Value,
        since: MetricSnapshot.Value,
        _ name: CirconusName,
        to writer: inout TrapWriter
    ) {
        switch (value, since) {
        case (.counter(let sum), _):
            writer.append(sum, isWhole: true, name.whole())
        case (.gauge(let value), _):
            writer.append(value, isWhole: false, name.whole())
        case (.histogram(let histogram), .histogram(let since)):
            writer.append(Double(histogram.count), isWhole: true, name.whole(suffix: ".count"))
            writer.append(histogram.sum, isWhole: false, name.whole(suffix: ".sum"))
            append(since, name, to: &writer)
        case (.histogram, _):
            break
        }
    }

    private func append(_ since: MetricSnapshot.Histogram, _ name: CirconusName, to writer: inout TrapWriter) {
        guard let sketch = since.sketch, since.count > 0 else { return }
        if configuration.histograms.contains(.distribution) { writer.append(LogLinearCounts(sketch), name.whole()) }
        guard configuration.histograms.contains(.quantiles) else { return }
        for quantile in ExportedQuantile.allCases {
            guard let value = sketch.quantile(quantile.rank) else { continue }
            writer.append(value, isWhole: false, name.whole(suffix: ".\(quantile)"))
        }
    }
}

/// Writes metrics as members of JSON objects of a limited size.
private struct TrapWriter {
    private let unixMilliseconds: UInt64
    private let omissions: OmissionCounter
    private var packer: MessagePacker

    init(unixMilliseconds: UInt64, limit: Int, omissions: OmissionCounter) {
        self.unixMilliseconds = unixMilliseconds
        self.omissions = omissions
        packer = MessagePacker(limit: max(limit - 1, 0))  // for the brace at the end
    }

    /// The objects; none where nothing was added.
    var messages: [[UInt8]] {
        packer.messages.map { members in
            var message = members
            message[0] = UInt8(ascii: "{")  // in the place of the first member's comma
            message.append(UInt8(ascii: "}"))
            return message
        }
    }

    mutating func append(_ value: Double, isWhole: Bool, _ name: String?) {
        guard value.isFinite else { return omissions.omit(.notFinite) }
        let isWhole = isWhole && value.rounded() == value && value < 0x1p54
        append(name, type: isWhole ? "L" : "n", hasTime: true) { $0.append(double: value) }
    }

    mutating func append(_ counts: LogLinearCounts, _ name: String?) {
        append(name, type: "h", hasTime: false) { member in
            member.append(UInt8(ascii: "["))
            for (index, text) in counts.texts.enumerated() {
                if index > 0 { member.append(UInt8(ascii: ",")) }
                member.append(jsonString: text)
            }
            member.append(UInt8(ascii: "]"))
        }
    }

    private mutating func append(_ name: String?, type: String, hasTime: Bool, value: (inout [UInt8]) -> Void) {
        guard let name else { return omissions.omit(.tooLong) }
        var member: [UInt8] = []
        member.append(UInt8(ascii: ","))
        member.append(jsonString: name)
        member.append(text: ":{\"_type\":\"\(type)\",\"_value\":")
        value(&member)
        if hasTime { member.append(text: ",\"_ts\":\(unixMilliseconds)") }
        member.append(UInt8(ascii: "}"))
        packer.append(member)
    }
}
