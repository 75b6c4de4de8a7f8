// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Turns readings of what happened since the start into what happened since the reading before: what backends want
/// that sum for themselves, such as StatsD.
///
/// Each exporter has a window of its own, so that any number of them read one registry without knowing of each other.
public struct MetricWindow: Sendable {
    private struct Key: Hashable {
        let name: String
        let labels: LabelSet
    }

    private var last: [Key: MetricSnapshot.Value] = [:]

    /// A window that begins with the making of the series.
    public init() {}

    /// The reading with counters and histograms since the last call; gauges stay as they are.
    ///
    /// What was reset or made anew in between counts from zero. Series that are gone are forgotten.
    public mutating func advance(to snapshot: MetricSnapshot) -> MetricSnapshot {
        var next: [Key: MetricSnapshot.Value] = [:]
        next.reserveCapacity(last.count)
        let families = snapshot.families.map { family in
            MetricSnapshot.Family(
                descriptor: family.descriptor,
                series: family.series.map { series in
                    let key = Key(name: family.descriptor.name, labels: series.labels)
                    if case .gauge = series.value { return series }
                    next[key] = series.value
                    return MetricSnapshot.Series(labels: series.labels, value: series.value.since(last[key]))
                }
            )
        }
        last = next
        return MetricSnapshot(families: families)
    }
}

extension MetricSnapshot.Value {
    fileprivate func since(_ earlier: MetricSnapshot.Value?) -> MetricSnapshot.Value {
        switch (self, earlier) {
        case (.counter(let now), .counter(let then)?) where now >= then: .counter(now - then)
        case (.histogram(let now), .histogram(let then)?): .histogram(now.since(then))
        default: self
        }
    }
}

extension MetricSnapshot.Histogram {
    fileprivate func since(_ earlier: MetricSnapshot.Histogram) -> MetricSnapshot.Histogram {
        guard upperBounds == earlier.upperBounds, zip(counts, earlier.counts).allSatisfy(>=) else { return self }
        return MetricSnapshot.Histogram(
            upperBounds: upperBounds,
            counts: zip(counts, earlier.counts).map { $0 - $1 },
            sum: sum - earlier.sum,
            sketch: sketch.map { sketch in earlier.sketch.map { sketch.since($0) } ?? sketch },
            exemplars: exemplars
        )
    }
}
