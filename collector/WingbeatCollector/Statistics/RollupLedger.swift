// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Rollups on their way to the store, those of one minute and name together, until it has taken them.
///
/// Bounded: while the store cannot take them, those of further names are lost and counted.
struct RollupLedger {
    private struct Key: Hashable {
        let kind: Rollup.Kind
        let minute: Int64
        let service: String
        let name: String

        init(_ rollup: Rollup) {
            kind = rollup.kind
            minute = rollup.minute
            service = rollup.service
            name = rollup.name
        }
    }

    private let limit: Int
    private var sums: [Key: CallStatistics] = [:]
    /// How many counts were lost.
    private(set) var lost = 0

    init(limit: Int = 50_000) {
        self.limit = limit
    }

    /// True when nothing waits.
    var isEmpty: Bool { sums.isEmpty }

    /// What waits, by minute and names.
    var rollups: [Rollup] {
        sums.map { Rollup($0.kind, minute: $0.minute, service: $0.service, name: $0.name, calls: $1) }
            .sorted { ($0.minute, $0.service, $0.name) < ($1.minute, $1.service, $1.name) }
    }

    mutating func add(_ rollups: [Rollup]) {
        for rollup in rollups {
            let key = Key(rollup)
            if sums[key] != nil || sums.count < limit {
                sums[key, default: CallStatistics()].add(rollup.calls)
            } else {
                lost += rollup.calls.count
            }
        }
    }

    mutating func removeAll() { sums.removeAll() }
}

extension [Rollup] {
    /// With one rollup for each kind, minute and pair of names, by these.
    func summed() -> [Rollup] {
        var ledger = RollupLedger(limit: .max)
        ledger.add(self)
        return ledger.rollups
    }
}
