// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// A place from which SQL reads spans.
protocol SpanScan: Sendable {
    /// Reads the spans that may lie within bounds; others among them do no harm.
    ///
    /// - Returns: gives a batch at each call, and nil after the last. It checks the budget.
    func batches(within bounds: SpanBounds, _ budget: QueryBudget) throws -> () throws -> [SpanRecord]?
}

/// Which spans a scan is after.
struct SpanBounds: Equatable {
    /// Of this trace only.
    var trace: TraceID?
    /// Of this service only, in lower case.
    var service: String?
    /// Only those that began in these microseconds since 1970; that excludes spans without a start.
    var starts: ClosedRange<Int64>?
    /// True when no span can lie within the bounds.
    var isEmpty = false
}
