// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

package import WingbeatModel

extension MetricRegistry: TallyReader {
    /// Shows the numbers of the source, added to those of others with the same name and labels.
    package func add(_ source: any TallySource) { readers.add(source) }
}

/// The numbers that others keep, as families.
final class Tallies: MetricSource {
    private struct State {
        var sources: [any TallySource] = []
        var ended: [Tally] = []
    }

    private let state = Locked(State())

    func add(_ source: any TallySource) { state.withLock { $0.sources.append(source) } }

    func read() -> [MetricSnapshot.Family] {
        families(of: state.withLock { state in Self.read(&state) })
    }

    /// Each source is read once, and those that have ended for the last time.
    private static func read(_ state: inout State) -> [Tally] {
        var current: [Tally] = []
        state.sources.removeAll { source in
            let (tallies, isFinal) = source.read()
            if isFinal { state.ended.add(tallies) } else { current.add(tallies) }
            return isFinal
        }
        var all = state.ended
        all.add(current)
        return all
    }

    private func families(of tallies: [Tally]) -> [MetricSnapshot.Family] {
        var names: [String] = []
        for tally in tallies where !names.contains(tally.name) { names.append(tally.name) }
        return names.compactMap { name in family(of: tallies.filter { $0.name == name }) }
    }

    private func family(of tallies: [Tally]) -> MetricSnapshot.Family? {
        guard let first = tallies.first else { return nil }
        return MetricSnapshot.Family(
            descriptor: MetricDescriptor(
                name: first.name,
                kind: first.isGauge ? .gauge : .counter,
                help: first.help
            ),
            series: tallies.map { tally in
                MetricSnapshot.Series(
                    labels: tally.labels,
                    value: tally.isGauge ? .gauge(tally.value) : .counter(tally.value)
                )
            }
        )
    }
}

extension [Tally] {
    fileprivate mutating func add(_ tallies: [Tally]) {
        for tally in tallies {
            if let index = firstIndex(where: { $0.name == tally.name && $0.labels == tally.labels }) {
                self[index].value += tally.value
            } else {
                append(tally)
            }
        }
    }
}
