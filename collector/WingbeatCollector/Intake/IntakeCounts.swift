// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// What became of the spans that came: `received = stored + sampledOut + rejected + failed` at every moment, for spans
/// are counted when it is known what became of them.
public struct IntakeCounts: Hashable, Sendable {
    /// Why a span was not taken.
    public enum Rejection: String, Hashable, Sendable, CaseIterable {
        /// It has no valid ids, or is otherwise no span.
        case invalid
        /// Its trace has as many spans as a trace may have.
        case traceTooLarge = "trace_too_large"
    }

    /// Why a span that was to be stored was not.
    public enum Failure: String, Hashable, Sendable, CaseIterable {
        /// Too many spans waited; its sender was told to try again later.
        case busy
        /// The store cannot be written, for example because the disk is full.
        case unavailable
        /// Its sender did not wait.
        case cancelled
    }

    /// Spans that survive a kill of the process.
    public internal(set) var stored = 0
    /// Spans that the rate left out.
    public internal(set) var sampledOut = 0
    /// Spans that were not taken, by reason.
    public internal(set) var rejections: [Rejection: Int] = [:]
    /// Spans that could not be stored, by reason. Their senders were told, and may have sent them again.
    public internal(set) var failures: [Failure: Int] = [:]

    /// Nothing came yet.
    public init() {}

    /// All spans that came.
    public var received: Int { stored + sampledOut + rejected + failed }
    /// Spans that were not taken.
    public var rejected: Int { rejections.values.reduce(0, +) }
    /// Spans that could not be stored.
    public var failed: Int { failures.values.reduce(0, +) }

    /// How many of the spans of a post became what.
    mutating func add(_ other: IntakeCounts) {
        stored += other.stored
        sampledOut += other.sampledOut
        rejections.merge(other.rejections, uniquingKeysWith: +)
        failures.merge(other.failures, uniquingKeysWith: +)
    }
}

extension IntakeCounts.Failure {
    init(_ error: any Error) {
        switch error {
        case SpanStoreError.busy: self = .busy
        case is CancellationError: self = .cancelled
        default: self = .unavailable
        }
    }
}
