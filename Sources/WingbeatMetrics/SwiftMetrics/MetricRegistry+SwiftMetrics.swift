// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Metrics
import WingbeatModel

/// The backend of swift-metrics: `MetricsSystem.bootstrap(MetricRegistry.shared)`, which `Telemetry.configure` does.
///
/// Making the same metric many times (once per request is common) finds the same series, whatever the order of the
/// dimensions.
extension MetricRegistry: MetricsFactory {
    /// A counter of whole numbers.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counterHandle(label, dimensions)
    }

    /// A counter of fractions, kept natively.
    public func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        counterHandle(label, dimensions)
    }

    /// A gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gaugeHandle(label, dimensions)
    }

    /// A histogram; or a gauge, when the recorder does not aggregate.
    public func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return gaugeHandle(label, dimensions) }
        let table = histogramTable(label)
        return HistogramHandle(table, table.run(LabelSet(dimensions)))
    }

    /// A histogram in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let table = histogramTable(label, "", "seconds")
        return HistogramHandle(table, table.run(LabelSet(dimensions)))
    }

    /// Removes the series; a handler of another backend is left alone.
    public func destroyCounter(_ handler: any CounterHandler) { (handler as? CounterHandle)?.remove() }

    /// Removes the series; a handler of another backend is left alone.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {
        (handler as? CounterHandle)?.remove()
    }

    /// Removes the series; a handler of another backend is left alone.
    public func destroyMeter(_ handler: any MeterHandler) { (handler as? GaugeHandle)?.remove() }

    /// Removes the series; a handler of another backend is left alone.
    public func destroyRecorder(_ handler: any RecorderHandler) {
        (handler as? HistogramHandle)?.remove()
        (handler as? GaugeHandle)?.remove()
    }

    /// Removes the series; a handler of another backend is left alone.
    public func destroyTimer(_ handler: any TimerHandler) { (handler as? HistogramHandle)?.remove() }

    private func counterHandle(_ label: String, _ dimensions: [(String, String)]) -> CounterHandle {
        let table = table(label, .counter)
        return CounterHandle(table, table.run(LabelSet(dimensions)))
    }

    private func gaugeHandle(_ label: String, _ dimensions: [(String, String)]) -> GaugeHandle {
        let table = table(label, .gauge)
        return GaugeHandle(table, table.run(LabelSet(dimensions)))
    }
}
