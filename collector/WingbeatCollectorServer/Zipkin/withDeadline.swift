// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector

/// Runs the body, and cancels it when the time is over; zero is for as long as it wants.
///
/// - Throws: ``SpanStoreError/timeout`` when the time was over first.
func withDeadline<Result: Sendable>(
    _ time: Duration,
    _ body: @Sendable @escaping () async throws -> Result
) async throws -> Result {
    guard time > .zero else { return try await body() }
    return try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: time)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let result = first else { throw SpanStoreError.timeout }
        return result
    }
}
