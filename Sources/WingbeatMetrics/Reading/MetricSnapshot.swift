// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// The numbers of a registry at one moment: what exporters and tests read.
public struct MetricSnapshot: Sendable {
    /// The families, in the order of their declaration; those of the registry itself come last.
    public let families: [Family]

    /// A snapshot of the families.
    public init(families: [Family]) {
        self.families = families
    }

    /// A metric with all its series.
    public struct Family: Sendable {
        /// Name, kind, help and unit.
        public let descriptor: MetricDescriptor
        /// The series, in the order of their making.
        public let series: [Series]

        /// A family of the series.
        public init(descriptor: MetricDescriptor, series: [Series]) {
            self.descriptor = descriptor
            self.series = series
        }
    }

    /// One line on a graph.
    public struct Series: Sendable {
        /// What tells it from the family's other series.
        public let labels: LabelSet
        /// Its number or numbers.
        public let value: Value

        /// A series with a value.
        public init(labels: LabelSet, value: Value) {
            self.labels = labels
            self.value = value
        }
    }

    /// What was read from a series.
    public enum Value: Hashable, Sendable {
        /// A sum since the series was made.
        case counter(Double)
        /// The current value.
        case gauge(Double)
        /// A distribution since the series was made.
        case histogram(Histogram)
    }

    /// What was read from a histogram.
    public struct Histogram: Hashable, Sendable {
        /// The upper bounds of all buckets but the last.
        public let upperBounds: [Double]
        /// How many values fell into each bucket (not cumulative); one more than there are bounds.
        public let counts: [UInt64]
        /// The sum of all values.
        public let sum: Double
        /// The same values in buckets fine enough for quantiles within 1 %; nil where nobody asked for them.
        public let sketch: ExponentialCounts?
        /// Some values with the trace that made them, at most one a bucket; empty where nobody asked for them.
        public let exemplars: [Exemplar]

        /// A distribution; `counts` has one number more than `upperBounds`.
        public init(
            upperBounds: [Double],
            counts: [UInt64],
            sum: Double,
            sketch: ExponentialCounts? = nil,
            exemplars: [Exemplar] = []
        ) {
            self.upperBounds = upperBounds
            self.counts = counts
            self.sum = sum
            self.sketch = sketch
            self.exemplars = exemplars
        }

        /// How many values were observed: always the sum of ``counts``.
        public var count: UInt64 { counts.reduce(0, &+) }
    }
}

extension MetricSnapshot {
    /// The value of a series; nil when there is none. A label with an empty value does not exist, here neither.
    public subscript(name: String, labels: LabelSet = .empty) -> Value? {
        let wanted = LabelSet(labels.labels.filter { !$0.value.isEmpty })
        return families.first { $0.descriptor.name == name }?.series.first { $0.labels == wanted }?.value
    }
}
