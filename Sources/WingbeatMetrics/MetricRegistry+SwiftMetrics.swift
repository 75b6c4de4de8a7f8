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
        counterTable(label).series(LabelSet(dimensions))
    }

    /// A counter of fractions, kept natively.
    public func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        counterTable(label).series(LabelSet(dimensions))
    }

    /// A gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gaugeTable(label).series(LabelSet(dimensions))
    }

    /// A histogram; or a gauge, when the recorder does not aggregate.
    public func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        let labels = LabelSet(dimensions)
        return aggregate ? histogramTable(label).series(labels) : gaugeTable(label).series(labels)
    }

    /// A histogram in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogramTable(label, unit: "seconds").series(LabelSet(dimensions))
    }

    /// Removes the series; a handler of another backend is left alone.
    public func destroyCounter(_ handler: any CounterHandler) { (handler as? CounterSeries)?.remove() }

    /// Removes the series; a handler of another backend is left alone.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {
        (handler as? CounterSeries)?.remove()
    }

    /// Removes the series; a handler of another backend is left alone.
    public func destroyMeter(_ handler: any MeterHandler) { (handler as? GaugeSeries)?.remove() }

    /// Removes the series; a handler of another backend is left alone.
    public func destroyRecorder(_ handler: any RecorderHandler) {
        (handler as? HistogramSeries)?.remove()
        (handler as? GaugeSeries)?.remove()
    }

    /// Removes the series; a handler of another backend is left alone.
    public func destroyTimer(_ handler: any TimerHandler) { (handler as? HistogramSeries)?.remove() }
}
