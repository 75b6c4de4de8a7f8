// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// What became of the elements that a ``BatchPump`` was offered, all read at one moment:
/// `recorded + recovered = exported + dropped + queued`.
public struct DeliveryCounts: Hashable, Sendable {
    /// Elements that were offered.
    public var recorded = 0
    /// Elements that an earlier process had left in the spool.
    public var recovered = 0
    /// Elements that the backend took.
    public var exported = 0
    /// Elements that are lost because there was no room in the queue.
    public var queueFull = 0
    /// Elements that are lost because the backend refused them for good.
    public var rejected = 0
    /// Elements that are lost because the backend failed at them for too long.
    public var expired = 0
    /// Elements that are lost because the service ended before they could be sent.
    public var shutdown = 0
    /// Elements that are lost because the spool's files were damaged while it was used.
    public var damaged = 0
    /// Elements that wait in the queue.
    public var waiting = 0
    /// Elements that are being sent, or lie in the spool.
    public var underWay = 0
    /// Places in the spool's files that could not be read at the start; what was there is lost, and nobody knows how much it was.
    public var damages = 0

    /// Nothing yet.
    public init() {}

    /// Elements that are lost, for whatever reason.
    public var dropped: Int { queueFull + rejected + expired + shutdown + damaged }

    /// Elements that are neither delivered nor lost.
    public var queued: Int { waiting + underWay }
}

/// What became of an element that was taken out of the queue.
enum Outcome: Sendable {
    case exported
    case rejected
    case expired
    case shutdown
    case damaged
}

extension DeliveryCounts {
    /// Closes the books of elements that were under way.
    mutating func settle(_ count: Int, _ outcome: Outcome) {
        underWay -= count
        switch outcome {
        case .exported: exported += count
        case .rejected: rejected += count
        case .expired: expired += count
        case .shutdown: shutdown += count
        case .damaged: damaged += count
        }
    }
}
