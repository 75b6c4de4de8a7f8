// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// What a metric measures, and so how its numbers may be combined.
public enum MetricKind: String, Hashable, Sendable, CustomStringConvertible {
    /// A sum that only grows.
    case counter
    /// A value that goes up and down.
    case gauge
    /// A distribution of values over buckets.
    case histogram
    /// Facts in labels, such as a version; the value is always 1.
    case info

    /// The kind's name, as Prometheus writes it after `# TYPE`.
    public var description: String { rawValue }
}

/// What is known of a family without its numbers.
public struct MetricDescriptor: Hashable, Sendable {
    /// The name as it was declared first.
    public let name: String
    /// What the family measures.
    public let kind: MetricKind
    /// One line for people; may be empty.
    public let help: String
    /// The unit in the plural, such as `seconds`; may be empty.
    public let unit: String
    /// The bucket layout of a histogram.
    public let buckets: Buckets?
    /// How fine the native buckets of a histogram are, as Prometheus counts: each doubling has 2^schema; nil for none.
    public let nativeSchema: Int?

    /// A description.
    public init(
        name: String,
        kind: MetricKind,
        help: String = "",
        unit: String = "",
        buckets: Buckets? = nil,
        nativeSchema: Int? = nil
    ) {
        self.name = name
        self.kind = kind
        self.help = help
        self.unit = unit
        self.buckets = buckets
        self.nativeSchema = nativeSchema
    }
}
