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
}
