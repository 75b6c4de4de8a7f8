// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatMetrics
public import WingbeatModel

/// What a test wants to know of a registry, in its own words:
///
/// ```swift
/// let reading = MetricReading(registry)
/// #expect(reading.counter("orders", ["method": "GET"]) == 3)
/// ```
public struct MetricReading: Sendable {
    /// All of it.
    public let snapshot: MetricSnapshot

    /// Reads the registry now.
    public init(_ registry: MetricRegistry) {
        snapshot = registry.snapshot()
    }

    /// The sum of a counter; nil when there is none.
    public func counter(_ name: String, _ labels: LabelSet = .empty) -> Double? {
        guard case .counter(let value)? = snapshot[name, labels] else { return nil }
        return value
    }

    /// The sum of all series of a counter; 0 when there is none.
    public func total(_ name: String) -> Double {
        let series = snapshot.families.first { $0.descriptor.name == name }?.series ?? []
        return series.reduce(0) { sum, series in
            guard case .counter(let value) = series.value else { return sum }
            return sum + value
        }
    }

    /// The value of a gauge; nil when there is none.
    public func gauge(_ name: String, _ labels: LabelSet = .empty) -> Double? {
        guard case .gauge(let value)? = snapshot[name, labels] else { return nil }
        return value
    }

    /// A histogram's numbers; nil when there is none.
    public func histogram(_ name: String, _ labels: LabelSet = .empty) -> MetricSnapshot.Histogram? {
        guard case .histogram(let value)? = snapshot[name, labels] else { return nil }
        return value
    }
}
