// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatCells
import Synchronization
import WingbeatModel

/// What a family of histograms keeps beyond buckets and sums, where somebody asked for it.
///
/// A histogram looks at ``wanted`` with each observation, and comes here only when there is something to do.
final class HistogramExtras: Sendable {
    /// What is asked for.
    struct Wanted: OptionSet, Sendable {
        let rawValue: UInt8

        static let sketches = Wanted(rawValue: 1)
        static let exemplars = Wanted(rawValue: 2)
        static let taps = Wanted(rawValue: 4)
    }

    private struct State {
        var sketches: [UInt32: SeriesSketch] = [:]
        var unusedSketches: [SeriesSketch] = []
        var exemplars: [UInt32: [Int: Exemplar]] = [:]
        var taps: [ObservationTap] = []
        var labels: [UInt32: LabelSet] = [:]
    }

    private let wantedBits = Atomic<UInt8>(0)
    private let state = Locked(State())

    /// What is asked for now.
    @inline(__always)
    var wanted: Wanted { Wanted(rawValue: wantedBits.load(ordering: .relaxed)) }

    func want(_ wanted: Wanted, taps: [ObservationTap]) {
        state.withLock { $0.taps = taps }
        wantedBits.store(wanted.rawValue, ordering: .relaxed)
    }

    // MARK: Sketches

    func addToSketch(_ value: Double, of run: wingbeat_run) {
        guard let shared = wingbeat_run_shared(run) else { return }
        let address = wingbeat_load_acquiring(shared + 2)
        guard let pointer = UnsafeRawPointer(bitPattern: UInt(address)) else {
            return makeSketch(run, shared).add(value)
        }
        // Kept by this object, which the caller's series keeps, until the family is gone; an unused one is reused.
        Unmanaged<SeriesSketch>.fromOpaque(pointer)._withUnsafeGuaranteedRef { $0.add(value) }
    }

    private func makeSketch(_ run: wingbeat_run, _ shared: UnsafeMutablePointer<UInt64>) -> SeriesSketch {
        state.withLock { state in
            if let sketch = state.sketches[run.position] { return sketch }
            let sketch = state.unusedSketches.popLast() ?? SeriesSketch()
            state.sketches[run.position] = sketch
            wingbeat_store_releasing(shared + 2, UInt64(UInt(bitPattern: Unmanaged.passUnretained(sketch).toOpaque())))
            return sketch
        }
    }

    // MARK: Exemplars

    /// Keeps a value that was observed in a sampled trace as its bucket's exemplar.
    func addExemplar(_ value: Double, bucket: Int, of run: wingbeat_run) {
        guard let context = TraceContext.current, context.sampling.isSampled else { return }
        let exemplar = Exemplar(
            value: value,
            traceID: context.traceID,
            spanID: context.spanID,
            unixNanoseconds: unixNanoseconds()
        )
        state.withLock { $0.exemplars[run.position, default: [:]][bucket] = exemplar }
    }

    // MARK: Taps

    func offerToTaps(
        _ value: Double,
        of run: wingbeat_run,
        _ descriptor: MetricDescriptor,
        readLabels: () -> LabelSet?
    ) {
        let known = state.withLock { ($0.taps, $0.labels[run.position]) }
        guard let labels = known.1 ?? readLabels() else { return }
        if known.1 == nil { state.withLock { $0.labels[run.position] = labels } }
        for tap in known.0 { tap.offer(value, descriptor, labels) }
    }

    // MARK: Reading and forgetting

    func read(_ run: wingbeat_run) -> (sketch: ExponentialCounts?, exemplars: [Exemplar]) {
        guard !wanted.isEmpty else { return (nil, []) }
        let (sketch, exemplars) = state.withLock { ($0.sketches[run.position], $0.exemplars[run.position]) }
        guard wanted.contains(.sketches) else {
            return (nil, exemplars?.sorted(by: { $0.key < $1.key }).map(\.value) ?? [])
        }
        return (
            sketch?.read() ?? ExponentialCounts(schema: SeriesSketch.schema, zeroThreshold: SeriesSketch.zeroThreshold),
            exemplars?.sorted(by: { $0.key < $1.key }).map(\.value) ?? []
        )
    }

    /// Forgets a series that is being removed; its sketch is kept for another one.
    func forget(_ run: wingbeat_run) {
        state.withLock { state in
            state.exemplars[run.position] = nil
            state.labels[run.position] = nil
            guard let sketch = state.sketches.removeValue(forKey: run.position) else { return }
            sketch.clear()
            state.unusedSketches.append(sketch)
        }
    }
}
