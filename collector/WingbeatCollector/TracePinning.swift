// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// Keeps chosen traces, whatever else is deleted for want of room or because of its age.
public protocol TracePinning: Sendable {
    /// Keeps a trace, and what still comes of it, until it is unpinned.
    ///
    /// - Throws: ``SpanStoreError/unavailable(_:)`` when so many are pinned that there is no room for another.
    func pin(_ id: TraceID) async throws

    /// Lets a trace go the way of all others.
    func unpin(_ id: TraceID) async throws

    /// The traces that are pinned, in no order.
    func pins() async throws -> [TraceID]
}
