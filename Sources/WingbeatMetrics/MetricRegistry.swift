// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Every metric of a process, written from anywhere and read by any number of exporters.
///
/// There is one for the life of the process (``shared``), so that metrics made before configuration are not lost and
/// a second configuration finds the values of the first. Tests make their own.
///
/// The registry never traps on the shape of a metric. What does not fit is counted, and reported once per family:
/// - a name that is used for two kinds, or with two bucket layouts: the first wins; what is recorded through a second
///   kind is seen by nobody;
/// - a series beyond ``Configuration/maximumSeriesPerFamily``: recorded in the family's one overflow series, whose
///   only label is `otel_metric_overflow="true"` (OpenTelemetry metrics SDK, "cardinality limits");
/// - a label value of more than 1,024 bytes: cut;
/// - a value that cannot be summed (a negative increment, NaN, an infinity): dropped.
public final class MetricRegistry: Sendable {
    /// Limits and what to do about misuse.
    public struct Configuration: Sendable {
        /// How many families (names) there may be; what is recorded through a further one is seen by nobody.
        public var maximumFamilies = 10_000
        /// How many series a family may have before new label sets share the overflow series.
        public var maximumSeriesPerFamily = 10_000
        /// The bucket layout of histograms that arrive without one, such as swift-metrics' `Recorder`.
        public var defaultBuckets = Buckets.general
        /// Bucket layouts by name, for histograms that arrive without one; the first rule that matches holds.
        public var bucketRules: [BucketRule] = []
        /// Called with a sentence for a person, once for each family that is misused; by default it is written to
        /// standard error.
        public var reportMisuse: @Sendable (String) -> Void = { sentence in
            writeToStandardError("wingbeat: \(sentence)\n")
        }

        /// The defaults.
        public init() {}
    }

    /// The registry of the process, to which `Telemetry.configure` connects swift-metrics.
    public static let shared = MetricRegistry()

    let misuse: Misuse
    private let configuration: Configuration
    let families: FamilyIndex
    let readers = Readers()

    /// An empty registry.
    public init(configuration: Configuration = Configuration()) {
        self.configuration = configuration
        families = FamilyIndex(limit: configuration.maximumFamilies)
        misuse = Misuse(report: configuration.reportMisuse)
    }

    /// Declares a counter, or finds it if it is there.
    ///
    /// - Parameters:
    ///   - name: the name without `_total`, with dots or underscores (they name the same family).
    ///   - help: one line for people.
    ///   - unit: the unit in the plural, such as `bytes`; exporters that know units show it.
    ///   - labels: the names of the labels whose values are given when recording.
    public func counter(_ name: String, help: String = "", unit: String = "", labels: [String] = []) -> CounterFamily {
        CounterFamily(labels: DeclaredLabels(labels, in: table(name, .counter, help, unit)))
    }

    /// Declares a gauge, or finds it if it is there; the parameters are those of ``counter(_:help:unit:labels:)``.
    public func gauge(_ name: String, help: String = "", unit: String = "", labels: [String] = []) -> GaugeFamily {
        GaugeFamily(labels: DeclaredLabels(labels, in: table(name, .gauge, help, unit)))
    }

    /// Declares a histogram, or finds it if it is there. Of two declarations the first one's buckets hold; without any
    /// they are ``Buckets/seconds`` where the unit is `seconds`, and the registry's default elsewhere.
    ///
    /// - Parameters:
    ///   - name: as with ``counter(_:help:unit:labels:)``.
    ///   - help: one line for people.
    ///   - unit: the unit in the plural, such as `seconds`.
    ///   - buckets: the bounds; nil for the defaults.
    ///   - native: also keeps Prometheus' native buckets, 2^native of them for each doubling; from -4 to 6, and 3
    ///     (within 4.4 %) is a good choice. Only the protobuf exposition shows them.
    ///   - exemplars: also keeps, for each bucket, the last value that was observed in a sampled trace.
    ///   - labels: the names of the labels whose values are given when recording.
    public func histogram(
        _ name: String,
        help: String = "",
        unit: String = "",
        buckets: Buckets? = nil,
        native: Int? = nil,
        exemplars: Bool = false,
        labels: [String] = []
    ) -> HistogramFamily {
        let table = histogramTable(name, help, unit, buckets, native: native, exemplars: exemplars)
        return HistogramFamily(labels: DeclaredLabels(labels, in: table))
    }

    /// Tells someone else of misuse from now on, as ``Configuration/reportMisuse`` does at first.
    public func reportMisuse(to report: @escaping @Sendable (String) -> Void) { misuse.report(to: report) }

    /// Reads every family and series. Each number is read once; numbers of different series may be some
    /// nanoseconds apart.
    public func snapshot() -> MetricSnapshot {
        MetricSnapshot(
            families: families.all.map { $0.read() } + readers.readSources() + misuse.tables.map { $0.read() }
        )
    }
}

extension MetricRegistry {
    func histogramTable(
        _ name: String,
        _ help: String = "",
        _ unit: String = "",
        _ buckets: Buckets? = nil,
        native: Int? = nil,
        exemplars: Bool = false
    ) -> FamilyTable {
        let layout = buckets ?? configuration.buckets(of: name, unit: unit)
        let kept = layout.prefix(RunLayout.maximumBounds)
        let table = table(name, .histogram, help, unit, kept, native.map { min(max($0, -4), SeriesSketch.schema) })
        if kept != layout {
            misuse.shape(
                of: table.descriptor.name,
                "\(name) has more than \(RunLayout.maximumBounds) buckets; the rest is lost"
            )
        } else if buckets != nil, table.descriptor.buckets != kept {
            misuse.shape(of: table.descriptor.name, "\(name) is declared with two bucket layouts; the first one holds")
        }
        if exemplars { readers.keepExemplars(table) }
        return table
    }

    func table(
        _ name: String,
        _ kind: MetricKind,
        _ help: String = "",
        _ unit: String = "",
        _ buckets: Buckets? = nil,
        _ nativeSchema: Int? = nil
    ) -> FamilyTable {
        let new = { [misuse, limit = configuration.maximumSeriesPerFamily] in
            FamilyTable(
                descriptor: MetricDescriptor(
                    name: name,
                    kind: kind,
                    help: help,
                    unit: unit,
                    buckets: buckets,
                    nativeSchema: nativeSchema
                ),
                limit: limit,
                misuse: misuse
            )
        }
        guard let table = families.family(named: name, orInsert: { readers.prepared(new()) }) else {
            misuse.tooManyFamilies(limit: configuration.maximumFamilies)
            return new()
        }
        guard table.descriptor.kind == kind else {
            let first = table.descriptor
            misuse.shape(of: first.name, "\(name) is a \(first.kind) already; what it records as a \(kind) is lost")
            return new()
        }
        return table
    }
}

extension MetricRegistry.Configuration {
    fileprivate func buckets(of name: String, unit: String) -> Buckets {
        bucketRules.first { $0.matches(name) }?.buckets ?? (unit == "seconds" ? .seconds : defaultBuckets)
    }
}
