// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatCells
import WingbeatModel

/// The label names that a family was declared with, and the way from values in their order to a series.
struct DeclaredLabels: Sendable {
    let table: FamilyTable
    private let names: [String]
    /// The number of names when values can be looked up as they come; otherwise -1, and labels are made of them.
    private let plainCount: Int
    private let shape: UInt16
    /// For each value of a key, four bits with the place of its name in the declaration.
    private let order: UInt64
    private let isInOrder: Bool

    init(_ names: [String], in table: FamilyTable) {
        self.table = table
        self.names = names
        let canonical = names.map { CanonicalLabels.name($0, of: table.descriptor.kind) }
        let isRegular = Set(canonical).count == names.count && names.count <= 16
        guard isRegular, let shape = table.shape(of: canonical, names) else {
            (plainCount, self.shape, order, isInOrder) = (-1, 0, 0, false)
            return
        }
        let places = shape.names.map { canonical.firstIndex(of: $0) ?? 0 }
        plainCount = names.count
        self.shape = shape.id
        order = places.enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(4 * $1.offset) }
        isInOrder = places == Array(names.indices)
    }

    @inline(never)
    func run() -> wingbeat_run {
        plainCount == 0 ? run(count: 0) { (_, _) in } : general([])
    }

    @inline(never)
    func run(_ value: String) -> wingbeat_run {
        guard plainCount == 1 else { return general([value]) }
        let run = run(count: 1) { key, _ in key.append(value) }
        return run.tag != wingbeat_no_run.tag ? run : general([value])
    }

    @inline(never)
    func run(_ first: String, _ second: String) -> wingbeat_run {
        guard plainCount == 2 else { return general([first, second]) }
        let run = run(count: 2) { key, place in
            if place == 0 { key.append(first) } else { key.append(second) }
        }
        return run.tag != wingbeat_no_run.tag ? run : general([first, second])
    }

    @inline(never)
    func run(_ first: String, _ second: String, _ third: String) -> wingbeat_run {
        guard plainCount == 3 else { return general([first, second, third]) }
        let run = run(count: 3) { key, place in
            if place == 0 { key.append(first) } else if place == 1 { key.append(second) } else { key.append(third) }
        }
        return run.tag != wingbeat_no_run.tag ? run : general([first, second, third])
    }

    @inline(never)
    func run(_ values: [String]) -> wingbeat_run {
        guard plainCount == values.count else { return general(values) }
        let run = run(count: values.count) { key, place in key.append(values[place]) }
        return run.tag != wingbeat_no_run.tag ? run : general(values)
    }

    /// - Returns: `wingbeat_no_run` when the values make no key.
    @inline(__always)
    private func run(count: Int, append: (inout SeriesKey, _ place: Int) -> Void) -> wingbeat_run {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: SeriesKey.usualWordCount) { words in
            var key = SeriesKey(in: words, shape: shape, values: count)
            for index in 0..<count {
                append(&key, isInOrder ? index : Int(truncatingIfNeeded: order >> UInt64(4 &* index)) & 0xF)
            }
            return key.isComplete ? table.run(key) : wingbeat_no_run
        }
    }

    /// The slow way: empty values, long ones, too many or too few.
    private func general(_ values: [String]) -> wingbeat_run {
        table.run(
            LabelSet(
                values.enumerated().map { index, value in
                    Label(index < names.count ? names[index] : "label_\(index + 1)", value)
                }
            )
        )
    }
}
