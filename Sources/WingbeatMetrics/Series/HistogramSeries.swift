// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatCells

/// One series of a histogram: how many values fell into each bucket, and their sum.
///
/// Observing writes to memory that belongs to the calling thread, so threads never wait for each other. A copy names
/// the same series; what is observed after the series was removed is seen by nobody.
public struct HistogramSeries: Sendable {
    let table: FamilyTable
    let run: wingbeat_run

    /// Counts a value; NaN and infinities are dropped and counted as invalid.
    @inline(never)  // an asynchronous caller must not keep the address of a thread's cells
    public func observe(_ value: Double) {
        guard value.isFinite else { return run.countInvalidValue() }
        guard let cells = wingbeat_run_mine(run) else { return }
        let bucket = table.finder.bucket(of: value)
        wingbeat_add(cells + 1 + bucket, 1)
        wingbeat_add_double(cells + 1 + Int(table.layout.integers), value)
        if !table.extras.wanted.isEmpty { observeMore(value, bucket) }
    }

    /// Counts how long something took, in seconds; a negative duration is dropped and counted as invalid.
    public func observe(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let value = Double(seconds) + Double(attoseconds) / 1e18
        guard value >= 0 else { return run.countInvalidValue() }
        observe(value)
    }

    /// Calls the body and counts how long it took, in seconds, whether it returns or throws.
    public func time<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        let start = ContinuousClock.now
        defer { observe(ContinuousClock.now - start) }
        return try body()
    }

    /// Calls the body and counts how long it took, in seconds, whether it returns or throws.
    public func time<Result, Failure: Error>(
        isolation: isolated (any Actor)? = #isolation,
        _ body: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let start = ContinuousClock.now
        defer { observe(ContinuousClock.now - start) }
        return try await body()
    }

    @inline(never)
    private func observeMore(_ value: Double, _ bucket: Int) {
        let wanted = table.extras.wanted
        if wanted.contains(.sketches) { table.extras.addToSketch(value, of: run) }
        if wanted.contains(.exemplars) { table.extras.addExemplar(value, bucket: bucket, of: run) }
        guard wanted.contains(.taps) else { return }
        table.extras.offerToTaps(value, of: run, table.descriptor) { table.labels(of: run) }
    }
}
