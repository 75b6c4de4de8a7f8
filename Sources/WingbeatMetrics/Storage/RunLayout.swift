// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatCells

/// What the cells of a series are, after the tag.
///
/// | | in each thread's run | in the shared run: 1 | 2 | 3 |
/// |---|---|---|---|---|
/// | counter | sum of whole numbers, sum of fractions | position of the counter of invalid values | | row |
/// | gauge | not used | the same | value | row |
/// | histogram | count of each bucket, sum | the same | address of the sketch | row |
struct RunLayout: Sendable {
    /// With so many bounds a histogram's run fills a page.
    static let maximumBounds = Int(wingbeat_run_limit()) - 3

    /// The number of cells, the tag included.
    let length: UInt32
    /// How many whole numbers a thread's run has.
    let integers: UInt32

    init(_ descriptor: MetricDescriptor) {
        switch descriptor.kind {
        case .counter, .gauge, .info: integers = 1
        case .histogram: integers = UInt32((descriptor.buckets?.upperBounds.count ?? 0) + 1)
        }
        length = max(integers + 2, 4)
    }

    func prepare(_ shared: UnsafeMutablePointer<UInt64>, row: Int, invalidValues position: UInt32) {
        wingbeat_store(shared + 1, UInt64(position))
        wingbeat_store(shared + 3, UInt64(row))
    }

    /// Which row of the family a series has; nil when it was removed.
    func row(of run: wingbeat_run) -> Int? { wingbeat_run_shared(run).map { Int(wingbeat_load($0 + 3)) } }
}

extension wingbeat_run {
    /// Counts a value that could not be recorded, unless the series is gone.
    func countInvalidValue() {
        guard let shared = wingbeat_run_shared(self) else { return }
        let counter = wingbeat_run_at(UInt32(truncatingIfNeeded: wingbeat_load(shared + 1)))
        if let cells = wingbeat_run_mine(counter) { wingbeat_add(cells + 1, 1) }
    }
}
