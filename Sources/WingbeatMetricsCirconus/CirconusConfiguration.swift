// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// Which HTTPTrap check of Circonus is written to, and how.
public struct CirconusConfiguration: Sendable {
    /// What becomes of a histogram besides its `.count` and `.sum`.
    public enum HistogramForm: Hashable, Sendable {
        /// A Circonus histogram, to which the broker adds each flush's values, with two digits of each value.
        case distribution
        /// The numbers `.p50`, `.p90`, `.p95` and `.p99` of the values since the flush before.
        case quantiles
    }

    /// The check's data submission URL. It ends with the check's secret, so no error shows it. Where the broker's
    /// certificate is signed by Circonus' own authority, the system must trust that.
    public var submissionURL: String
    /// Tags of every metric, such as the service's name; a series' own label of the same name wins.
    public var labels: LabelSet = .empty
    /// What becomes of histograms: one form, or both.
    public var histograms: Set<HistogramForm> = [.distribution]
    /// How often the registry is read.
    public var interval: Duration = .seconds(10)
    /// The most bytes of a body.
    public var maximumMessageSize = 1_000_000
    /// How many bytes wait at most while the broker is away, each body counted as a full one; then the newest are
    /// dropped.
    public var maximumQueuedBytes = 100_000_000
    /// How long one request may take.
    public var timeout: Duration = .seconds(10)

    /// The defaults for a check.
    public init(submissionURL: String) {
        self.submissionURL = submissionURL
    }
}
