// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatModel

/// A family as the registry sees it, whatever the type of its series.
protocol MetricFamily: AnyObject, Sendable {
    var descriptor: MetricDescriptor { get }
    func read() -> MetricSnapshot.Family
}

/// One line of a family: a number, or a few, that many threads write and snapshots read.
protocol Series: AnyObject, Sendable {
    var labels: LabelSet { get }
    func read() -> MetricSnapshot.Value
}

/// The series of one family by their labels.
final class SeriesTable<S: Series>: MetricFamily {
    let descriptor: MetricDescriptor
    private let limit: Int
    private let misuse: Misuse
    private let make: @Sendable (LabelSet, SeriesTable<S>?) -> S
    private let state = Mutex(State())

    private struct State {
        var byLabels: [LabelSet: S] = [:]
        var ordered: [S] = []
    }

    init(
        descriptor: MetricDescriptor,
        limit: Int,
        misuse: Misuse,
        make: @escaping @Sendable (LabelSet, SeriesTable<S>?) -> S
    ) {
        self.descriptor = descriptor
        self.limit = limit
        self.misuse = misuse
        self.make = make
    }

    func series(_ labels: LabelSet) -> S {
        let (series, isOverflow) = state.withLock { state in
            if let series = state.byLabels[labels] { return (series, false) }
            let overflow = state.byLabels[overflowLabels]
            let count = state.ordered.count - (overflow == nil ? 0 : 1)
            guard count >= limit else { return (insert(labels, into: &state), false) }
            return (overflow ?? insert(overflowLabels, into: &state), true)
        }
        if isOverflow { misuse.overflow(of: descriptor.name, limit: limit) }
        return series
    }

    private func insert(_ labels: LabelSet, into state: inout State) -> S {
        let series = make(labels, self)
        state.byLabels[labels] = series
        state.ordered.append(series)
        return series
    }

    /// Removes a series, but not the overflow series: many label sets share it.
    func remove(_ series: S) {
        guard series.labels != overflowLabels else { return }
        state.withLock { state in
            guard state.byLabels[series.labels] === series else { return }
            state.byLabels[series.labels] = nil
            state.ordered.removeAll { $0 === series }
        }
    }

    func read() -> MetricSnapshot.Family {
        let series = state.withLock { $0.ordered }
        return MetricSnapshot.Family(
            descriptor: descriptor,
            series: series.map { MetricSnapshot.Series(labels: $0.labels, value: $0.read()) }
        )
    }
}

private let overflowLabels: LabelSet = ["otel_metric_overflow": "true"]
