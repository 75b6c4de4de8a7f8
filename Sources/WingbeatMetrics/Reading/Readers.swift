// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

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
        var tallies: Tallies?
        var sketchReaders = 0
        var taps: [ObservationTap] = []
        var histograms: [FamilyTable] = []
        var exemplars: Set<ObjectIdentifier> = []
    }

    private let state = Locked(State())

    func add(_ source: any MetricSource) { state.withLock { $0.sources.append(source) } }

    func add(_ source: any TallySource) {
        let tallies = state.withLock { state in
            if let tallies = state.tallies { return tallies }
            let tallies = Tallies()
            state.tallies = tallies
            state.sources.append(tallies)
            return tallies
        }
        tallies.add(source)
    }

    func readSources() -> [MetricSnapshot.Family] {
        state.withLock { $0.sources }.flatMap { $0.read() }
    }

    /// Tells a new family what is wanted of it.
    func prepared(_ table: FamilyTable) -> FamilyTable {
        guard table.descriptor.kind == .histogram else { return table }
        state.withLock { state in
            state.histograms.append(table)
            Self.tell(table, state)
        }
        return table
    }

    func keepExemplars(_ table: FamilyTable) {
        state.withLock { state in
            state.exemplars.insert(ObjectIdentifier(table))
            Self.tell(table, state)
        }
    }

    func keepSketches(_ difference: Int) { change { $0.sketchReaders += difference } }

    func attach(_ tap: ObservationTap) { change { $0.taps.append(tap) } }

    func detach(_ tap: ObservationTap) { change { $0.taps.removeAll { $0 === tap } } }

    private func change(_ change: (inout State) -> Void) {
        state.withLock { state in
            change(&state)
            for table in state.histograms { Self.tell(table, state) }
        }
    }

    private static func tell(_ table: FamilyTable, _ state: State) {
        var wanted: HistogramExtras.Wanted = []
        if state.sketchReaders > 0 || table.descriptor.nativeSchema != nil { wanted.insert(.sketches) }
        if state.exemplars.contains(ObjectIdentifier(table)) { wanted.insert(.exemplars) }
        if !state.taps.isEmpty { wanted.insert(.taps) }
        table.extras.want(wanted, taps: state.taps)
    }
}

extension MetricRegistry {
    /// Every declared family, in the order of their declaration.
    package var declaredTables: [FamilyTable] { families.all }

    /// The families of the registry itself.
    package var ownTables: [FamilyTable] { misuse.tables }

    /// Families whose numbers are read from elsewhere.
    package func readSources() -> [MetricSnapshot.Family] { readers.readSources() }

    /// False when no two declared families want one name in an exposition.
    package var mayCollide: Bool { families.mayCollide }

    /// Adds families that are read at collection time; their names must differ from all others.
    public func add(_ source: any MetricSource) { readers.add(source) }

    /// Declares a gauge whose value is asked for at each reading. It must not take long.
    ///
    /// A second one with the same name and labels replaces the first.
    public func gauge(
        _ name: String,
        help: String = "",
        unit: String = "",
        labels: LabelSet = .empty,
        read: @escaping @Sendable () -> Double
    ) {
        table(name, .gauge, help, unit).setCallback(labels, read)
    }

    /// Declares facts that are told in labels, such as `build_info` with a version; the value is 1.
    public func info(_ name: String, help: String = "", _ labels: LabelSet) {
        GaugeSeries(run: table(name, .info, help).run(labels)).set(1)
    }

    /// Makes all histograms keep, from now on, buckets that are fine enough for quantiles within 1 %, until
    /// ``releaseSketches()`` was called as often. Costs some nanoseconds an observation, and for each series 512 bytes
    /// for each doubling that its values span.
    public func keepSketches() { readers.keepSketches(1) }

    /// Ends what ``keepSketches()`` began.
    public func releaseSketches() { readers.keepSketches(-1) }

    /// Lets a tap catch the observations of all histograms, from now on.
    public func attach(_ tap: ObservationTap) { readers.attach(tap) }

    /// Ends what ``attach(_:)`` began; what the tap holds stays in it.
    public func detach(_ tap: ObservationTap) { readers.detach(tap) }
}
