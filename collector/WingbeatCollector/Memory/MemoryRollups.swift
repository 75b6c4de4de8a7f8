// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// The counts of an ``InMemorySpanStore``, minute by minute.
struct MemoryRollups {
    private struct Key: Hashable {
        let kind: Rollup.Kind
        let service: String
        let name: String
    }

    private let maximum: Int
    private var minutes: [Int64: [Key: CallStatistics]] = [:]
    private var count = 0

    init(maximum: Int) {
        self.maximum = maximum
    }

    mutating func add(_ rollups: [Rollup]) {
        for rollup in rollups {
            let key = Key(kind: rollup.kind, service: rollup.service, name: rollup.name)
            if minutes[rollup.minute]?[key] == nil { count += 1 }
            minutes[rollup.minute, default: [:]][key, default: CallStatistics()].add(rollup.calls)
        }
        while count > maximum, minutes.count > 1, let oldest = minutes.keys.min() {
            count -= minutes.removeValue(forKey: oldest)?.count ?? 0
        }
    }

    /// By minute, then by name.
    func rollups(_ kind: Rollup.Kind, in window: ClosedRange<Int64>) -> [Rollup] {
        let wanted = Self.minute(of: window.lowerBound)...Self.minute(of: window.upperBound)
        return minutes.keys.filter(wanted.contains).sorted().flatMap { rollups(kind, minute: $0) }
    }

    private func rollups(_ kind: Rollup.Kind, minute: Int64) -> [Rollup] {
        (minutes[minute] ?? [:])
            .filter { $0.key.kind == kind }
            .map { Rollup(kind, minute: minute, service: $0.key.service, name: $0.key.name, calls: $0.value) }
            .sorted { ($0.service, $0.name) < ($1.service, $1.name) }
    }

    /// Rounded down, also before 1970.
    private static func minute(of microseconds: Int64) -> Int64 {
        let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 60_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
