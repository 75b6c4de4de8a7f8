// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// What was counted in one minute of one operation, or of the calls from one service to another.
public struct Rollup: Hashable, Sendable {
    /// What the two names say.
    public enum Kind: UInt8, Hashable, Sendable {
        /// A service and the name of its spans.
        case operation = 0
        /// The service that called and the one that was called.
        case link = 1
    }

    /// What was counted.
    public let kind: Kind
    /// Minutes since 1970, of the start of the spans or, with links, of their traces.
    public let minute: Int64
    /// The service, or the one that called, in lower case.
    public let service: String
    /// The name of the spans, or the service that was called, in lower case.
    public let name: String
    /// How many there were, how many failed and how long they took.
    public var calls: CallStatistics

    /// A rollup.
    public init(_ kind: Kind, minute: Int64, service: String, name: String, calls: CallStatistics) {
        self.kind = kind
        self.minute = minute
        self.service = service
        self.name = name
        self.calls = calls
    }

    /// True when a part of the minute lies in a span of time in microseconds since 1970.
    public func touches(_ window: ClosedRange<Int64>) -> Bool {
        (window.lowerBound / 60_000_000...window.upperBound / 60_000_000).contains(minute)
    }
}

/// How many calls there were, how many failed and how long they took.
public struct CallStatistics: Hashable, Sendable {
    /// How many there were.
    public var count: Int
    /// How many of them failed.
    public var errors: Int
    /// How long they took.
    public var durations: DurationHistogram

    /// No calls, or as many as said.
    public init(count: Int = 0, errors: Int = 0, durations: DurationHistogram = DurationHistogram()) {
        self.count = count
        self.errors = errors
        self.durations = durations
    }

    /// Counts a call; a duration of zero is one that is not known.
    public mutating func record(nanoseconds: UInt64, isError: Bool) {
        count += 1
        if isError { errors += 1 }
        if nanoseconds > 0 { durations.record(nanoseconds: nanoseconds) }
    }

    /// Adds the calls of another.
    public mutating func add(_ other: CallStatistics) {
        count += other.count
        errors += other.errors
        durations.add(other.durations)
    }
}
