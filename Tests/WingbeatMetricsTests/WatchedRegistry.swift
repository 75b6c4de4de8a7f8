// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatMetrics
import WingbeatModel

/// A registry that remembers what it told about misuse.
final class WatchedRegistry: Sendable {
    let registry: MetricRegistry
    private let told: Sentences

    init(maximumSeriesPerFamily: Int = 10_000, defaultBuckets: Buckets = .general) {
        let told = Sentences()
        var configuration = MetricRegistry.Configuration()
        configuration.maximumSeriesPerFamily = maximumSeriesPerFamily
        configuration.defaultBuckets = defaultBuckets
        configuration.reportMisuse = { told.add($0) }
        registry = MetricRegistry(configuration: configuration)
        self.told = told
    }

    /// The sentences for a person, in order.
    var sentences: [String] { told.all }

    var invalidValues: MetricSnapshot.Value? { registry.snapshot()["wingbeat_metrics_invalid_values"] }
    var shapeConflicts: MetricSnapshot.Value? { registry.snapshot()["wingbeat_metrics_shape_conflicts"] }
    var overflows: MetricSnapshot.Value? { registry.snapshot()["wingbeat_metrics_series_overflows"] }
}

private final class Sentences: Sendable {
    private let storage = Mutex<[String]>([])
    var all: [String] { storage.withLock { $0 } }
    func add(_ sentence: String) { storage.withLock { $0.append(sentence) } }
}

extension MetricSnapshot {
    /// The distribution of a series; nil when it is none.
    func histogram(_ name: String, _ labels: LabelSet = .empty) -> Histogram? {
        guard case .histogram(let histogram) = self[name, labels] else { return nil }
        return histogram
    }

    /// The families that were declared, without those of the registry itself.
    var declared: [Family] { families.filter { !$0.descriptor.name.hasPrefix("wingbeat_metrics_") } }
}
