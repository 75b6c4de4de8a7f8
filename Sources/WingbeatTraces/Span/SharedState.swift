// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Tracing
import WingbeatModel

/// What a ``WingbeatSpan`` needs beyond its record while many threads may use it; always used under its lock.
struct SharedState {
    /// As the API wants them. They become the record's when the span ends.
    private(set) var attributes = SpanAttributes([:])
    /// The text of the last error, for a status without one.
    var lastError: String?
    /// How many threads change the attributes now.
    private var loans = 0
    /// One of them has all that there were; here are only changes that others made meanwhile.
    private var isLent = false
    /// The span ended while its attributes were lent, and is reported when they are back.
    private var end: SpanEnd?
    /// The attributes when there was no room for more.
    private var full: SpanAttributes?

    /// No attributes, and room for those of most spans.
    private static let roomy = {
        var attributes = SpanAttributes([:])
        attributes.reserveCapacity(8)
        return attributes
    }()

    var hasEnded: Bool { end != nil }

    /// Lends the attributes, so that they can be changed without a copy: all to the first one, none to those who come
    /// while they are lent, and who then bring back nothing but their changes.
    mutating func lend() -> Loan {
        loans += 1
        guard loans == 1 else { return Loan(attributes: Self.roomy, kind: .changes) }
        isLent = true
        guard !attributes.isEmpty else { return Loan(attributes: Self.roomy, kind: .all) }
        var loan = Loan(kind: .all)
        swap(&loan.attributes, &attributes)
        return loan
    }

    /// - Returns: when the span ended, if it did meanwhile, and these were the last attributes that were missing.
    mutating func takeBack(_ loan: Loan, limit: Int, leaveOut: (Int) -> Void) -> SpanEnd? {
        loans -= 1
        if loan.kind == .all { isLent = false }
        if attributes.isEmpty {
            attributes = loan.attributes
        } else if loan.kind == .changes {
            attributes.merge(loan.attributes)
        } else {
            let changes = attributes
            attributes = loan.attributes
            attributes.merge(changes)
        }
        if attributes.count >= limit { keepTo(limit, leaveOut) }
        return loans == 0 ? end : nil
    }

    /// - Returns: false when it has ended before, or when attributes are still missing.
    mutating func mayEnd(at end: SpanEnd) -> Bool {
        guard self.end == nil else { return false }
        self.end = end
        return loans == 0
    }

    /// New keys beyond the limit are left out; those that are there may change.
    private mutating func keepTo(_ limit: Int, _ leaveOut: (Int) -> Void) {
        if attributes.count > limit {
            let room = full ?? attributes.first(limit)
            var kept = SpanAttributes([:])
            room.forEach { key, _ in kept.set(key, value: attributes.get(key)) }
            leaveOut(attributes.count - kept.count)
            attributes = kept
        }
        if !isLent { full = attributes.count == limit ? attributes : nil }
    }
}

/// Attributes while somebody changes them.
struct Loan {
    enum Kind {
        /// Nothing was lent, as nothing is recorded.
        case nothing
        /// All that there were.
        case all
        /// None, as all were lent: what comes back are changes.
        case changes
    }

    var attributes = SpanAttributes([:])
    var kind = Kind.nothing
}

/// When a span ended.
struct SpanEnd {
    private let wall: UInt64
    /// Zero when the caller told another instant than the present.
    private let monotonic: UInt64

    init(_ wall: UInt64) {
        self.wall = wall
        monotonic = SpanClock.monotonic(near: wall)
    }

    /// Nanoseconds: of the monotonic clock when the span began and ended in the present; 0 when it ended before it began.
    func duration(of contents: UnsafeMutablePointer<SpanContents>) -> UInt64 {
        let start = contents.pointee.start
        if monotonic != 0, start != 0 { return monotonic &- start }
        return wall - min(wall, contents.pointee.record.startNanoseconds)
    }
}

extension SpanAttributes {
    /// Any so many of them.
    fileprivate func first(_ count: Int) -> SpanAttributes {
        var first = SpanAttributes([:])
        forEach { key, value in
            if first.count < count { first.set(key, value: value) }
        }
        return first
    }
}
