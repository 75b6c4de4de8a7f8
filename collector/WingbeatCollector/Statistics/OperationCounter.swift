// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Counts spans by the name of their service and their own: since the start for metrics, and by minute for the store.
///
/// A span without one of the names is none of an operation. Bounded: an operation that comes when there is no room is
/// counted under the name `other`.
struct OperationCounter {
    /// Limits of a counter.
    struct Limits {
        /// How many operations there may be.
        var operations = 10_000
        /// How many of them may be one service's.
        var operationsPerService = 2_000
        /// How many sums of a minute may wait to be taken, beside those of each operation's last minute.
        var minutes = 20_000
    }

    private struct Key: Hashable {
        let service: UInt32
        let name: String
    }

    private struct MinuteKey: Hashable {
        let operation: Int32
        let minute: Int64
    }

    private struct Operation {
        let service: UInt32
        let name: String
        var minute: Int64 = 0
        var calls = CallStatistics()
        var isChanged = false
        var metrics = OperationMetrics()
    }

    private let limits: Limits
    private var indexes: [Key: Int32] = [:]
    private var sizes: [UInt32: Int] = [:]
    private var operations: [Operation] = []
    private var changed: [Int32] = []
    private var minutes: [MinuteKey: CallStatistics] = [:]
    /// How many spans were counted under `other` for want of room.
    private(set) var unnamed = 0
    /// How many spans are missing in the sums by minute, because those of too many minutes came at once.
    private(set) var lost = 0

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Counts a span of a service.
    ///
    /// - Parameters:
    ///   - span: the span.
    ///   - service: the number of its service's name.
    ///   - isError: whether it failed.
    ///   - isStored: whether its trace can be looked up.
    ///   - now: nanoseconds since 1970, for a span that does not know when it was.
    mutating func add(_ span: SpanRecord, service: UInt32, isError: Bool, isStored: Bool = true, now: UInt64) {
        guard service > NameTable.empty, !span.name.isEmpty else { return }
        let index = indexes[Key(service: service, name: span.name)] ?? file(service, span.name)
        let place = Int(index)
        let minute = Int64((span.startNanoseconds > 0 ? span.startNanoseconds : now) / 60_000_000_000)
        if operations[place].minute != minute { begin(minute, index) }
        if !operations[place].isChanged {
            operations[place].isChanged = true
            changed.append(index)
        }
        operations[place].calls.record(nanoseconds: span.durationNanoseconds, isError: isError)
        operations[place].metrics.record(span, isError: isError, isExample: isStored, now: now)
    }

    /// Hands over what was counted by minute since the last time.
    mutating func takeRollups(_ names: NameTable) -> [Rollup] {
        let taken = rollups(names)
        for index in changed {
            operations[Int(index)].calls = CallStatistics()
            operations[Int(index)].isChanged = false
        }
        changed.removeAll(keepingCapacity: true)
        minutes.removeAll(keepingCapacity: true)
        return taken
    }

    /// What was counted by minute and not taken.
    func rollups(_ names: NameTable) -> [Rollup] {
        let current = changed.lazy.map { index in
            let operation = operations[Int(index)]
            return rollup(index, operation.minute, operation.calls, names)
        }
        return current + minutes.map { key, calls in rollup(key.operation, key.minute, calls, names) }
    }

    /// What was counted since the start, in the order in which the operations came.
    func metrics(_ names: NameTable) -> [(service: String, name: String, metrics: OperationMetrics)] {
        operations.map { (names[$0.service], $0.name, $0.metrics) }
    }

    private func rollup(_ index: Int32, _ minute: Int64, _ calls: CallStatistics, _ names: NameTable) -> Rollup {
        let operation = operations[Int(index)]
        return Rollup(
            .operation,
            minute: minute,
            service: names[operation.service],
            name: operation.name,
            calls: calls
        )
    }

    /// Puts the minute before aside.
    private mutating func begin(_ minute: Int64, _ index: Int32) {
        let place = Int(index)
        defer { operations[place].minute = minute }
        guard operations[place].calls.count > 0 else { return }
        let key = MinuteKey(operation: index, minute: operations[place].minute)
        if minutes[key] != nil || minutes.count < limits.minutes {
            minutes[key, default: CallStatistics()].add(operations[place].calls)
        } else {
            lost += operations[place].calls.count
        }
        operations[place].calls = CallStatistics()
    }

    private mutating func file(_ service: UInt32, _ name: String) -> Int32 {
        let folded = NameTable.cut(name, 256).lowercased()
        let index = indexes[Key(service: service, name: folded)] ?? admit(service, folded)
        // The name as it came is found faster the next time, while there is room for that.
        if operations[Int(index)].name == folded, name.utf8.count <= 256, indexes.count < 2 * limits.operations {
            indexes[Key(service: service, name: name)] = index
        }
        return index
    }

    private mutating func admit(_ service: UInt32, _ name: String) -> Int32 {
        let size = sizes[service, default: 0]
        if operations.count < limits.operations, size < limits.operationsPerService {
            sizes[service] = size + 1
            return add(service, name)
        }
        unnamed += 1
        // One such operation a service, and one for all services that have none.
        let owner = size > 0 ? service : NameTable.other
        let key = Key(service: owner, name: NameTable.otherName)
        return indexes[key] ?? add(owner, NameTable.otherName)
    }

    private mutating func add(_ service: UInt32, _ name: String) -> Int32 {
        let index = Int32(truncatingIfNeeded: operations.count)
        operations.append(Operation(service: service, name: name))
        indexes[Key(service: service, name: name)] = index
        return index
    }
}
