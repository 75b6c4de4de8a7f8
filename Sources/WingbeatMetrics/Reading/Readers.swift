// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
public import WingbeatModel

/// Families whose numbers are read from somewhere else at collection time, such as those of the process.
public protocol MetricSource: Sendable {
    /// Reads the numbers now; called by each exporter's reading, on its thread, so it must not take long.
    func read() -> [MetricSnapshot.Family]
}

/// Who reads a registry, as far as that changes what is recorded or read.
final class Readers: Sendable {
    private struct State {
        var sources: [any MetricSource] = []
        var sketchReaders = 0
        var taps: [ObservationTap] = []
    }

    private let state = Mutex(State())

    func add(_ source: any MetricSource) { state.withLock { $0.sources.append(source) } }

    func readSources() -> [MetricSnapshot.Family] {
        state.withLock { $0.sources }.flatMap { $0.read() }
    }

    func keepSketches(_ change: Int) { state.withLock { $0.sketchReaders += change } }

    func attach(_ tap: ObservationTap) { state.withLock { $0.taps.append(tap) } }

    func detach(_ tap: ObservationTap) { state.withLock { $0.taps.removeAll { $0 === tap } } }
}

extension MetricRegistry {
    /// Adds families that are read at collection time; their names must differ from all others.
    public func add(_ source: any MetricSource) { readers.add(source) }

    /// Declares a gauge whose value is asked for at each reading. It must not take long.
    ///
    /// A second gauge with the same name and labels replaces the first.
    public func gauge(
        _ name: String,
        help: String = "",
        unit: String = "",
        labels: LabelSet = .empty,
        read: @escaping @Sendable () -> Double
    ) {
        gaugeTable(name, help: help, unit: unit).series(labels).setCallback(read)
    }

    /// Declares facts that are told in labels, such as `build_info` with a version; the value is 1.
    public func info(_ name: String, help: String = "", _ labels: LabelSet) {
        table(name, .info, help, "") { [misuse] in GaugeSeries(labels: $0, table: $1, misuse: misuse) }
            .series(labels).set(1)
    }

    /// Makes all histograms keep, from now on, buckets that are fine enough for quantiles within 1 %, until
    /// ``releaseSketches()`` was called as often. Costs about 10 ns an observation and some KiB a series.
    public func keepSketches() { readers.keepSketches(1) }

    /// Ends what ``keepSketches()`` began.
    public func releaseSketches() { readers.keepSketches(-1) }

    /// Lets a tap catch the observations of all histograms, from now on.
    public func attach(_ tap: ObservationTap) { readers.attach(tap) }

    /// Ends what ``attach(_:)`` began; what the tap holds stays in it.
    public func detach(_ tap: ObservationTap) { readers.detach(tap) }
}
