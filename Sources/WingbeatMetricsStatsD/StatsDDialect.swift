// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// What a StatsD server understands beyond `name:value|type`.
public struct StatsDDialect: Hashable, Sendable {
    /// Where the labels of a series are written.
    public enum TagStyle: Hashable, Sendable {
        /// Their values are parts of the name, in the order of the labels' names: `requests.GET.orders:1|c`.
        case partsOfName
        /// After the value, as Datadog has it: `requests:1|c|#method:GET,route:orders`.
        case afterValue
        /// After the name, as Telegraf has it: `requests,method=GET,route=orders:1|c`.
        case afterName
    }

    /// The type in which single observations of histograms are sent.
    public enum ObservationType: String, Hashable, Sendable {
        /// `ms`: durations, in milliseconds; values of other units as they are.
        case timings = "ms"
        /// `h`: any values, in the unit of the metric.
        case histograms = "h"
        /// `d`: any values, in the unit of the metric; Datadog aggregates them over all hosts.
        case distributions = "d"
    }

    /// How the exporter is called in metrics and warnings.
    public var name: String
    /// Where labels are written.
    public var tagStyle: TagStyle
    /// What the server takes beside counters and gauges; where a configuration asks for another, `timings` are sent.
    public var observationTypes: Set<ObservationType>
    /// True when a gauge with a sign is a change: then a negative value is sent as `0` and the value behind it.
    public var takesSignsAsChanges: Bool

    /// A dialect of your own.
    public init(
        name: String,
        tagStyle: TagStyle,
        observationTypes: Set<ObservationType>,
        takesSignsAsChanges: Bool
    ) {
        self.name = name
        self.tagStyle = tagStyle
        self.observationTypes = observationTypes
        self.takesSignsAsChanges = takesSignsAsChanges
    }

    /// Etsy's original, which collectd and netdata understand too; without tags.
    ///
    /// Source: `docs/metric_types.md` of github.com/statsd/statsd.
    public static let statsD = StatsDDialect(
        name: "statsd",
        tagStyle: .partsOfName,
        observationTypes: [.timings],
        takesSignsAsChanges: true
    )

    /// Datadog's, version 1.0 of its protocol.
    ///
    /// Source: docs.datadoghq.com, "DogStatsD datagram format".
    public static let dogStatsD = StatsDDialect(
        name: "dogstatsd",
        tagStyle: .afterValue,
        observationTypes: [.timings, .histograms, .distributions],
        takesSignsAsChanges: false
    )

    /// That of Telegraf's `statsd` input. Telegraf cuts the fractions of counters off, and takes no negative
    /// observations.
    ///
    /// Source: `plugins/inputs/statsd/README.md` of github.com/influxdata/telegraf, "Influx Statsd".
    public static let telegraf = StatsDDialect(
        name: "telegraf",
        tagStyle: .afterName,
        observationTypes: [.timings, .histograms],
        takesSignsAsChanges: true
    )
}
