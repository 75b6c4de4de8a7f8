// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// What every tracer must do; the rules of ``TracerContract``.
public enum TracerRule: String, CaseIterable, Sendable {
    /// A span that begins inside another's closure, task or context is its child; one that begins outside is a root.
    case nesting
    /// A span's context keeps everything that was in the context with which it began.
    case context
    /// A span that is not sampled is not reported, but its context still carries the trace and everything else.
    case unsampled
    /// An error, cancellation too, is thrown on and recorded in the span.
    case errors
    /// A span ends once; what is set after that is ignored.
    case end
    /// Attributes keep their types; of two values with one key the later counts.
    case attributes
    /// Events, in their order and with their instants, and links are recorded.
    case events
    /// The name, the kind and the status that were set last are recorded.
    case status
    /// Instants of the caller's choice are kept, and no duration is zero or negative.
    case time
    /// The live span is found from its context.
    case active
    /// What is injected is extracted again.
    case propagation
    /// Headers that make no sense change nothing.
    case nonsense
    /// Odd names, values and instants end neither the process nor the span.
    case misuse
    /// One span does not grow without limit, and says how much it left out.
    case bounds
    /// Tasks that work at the same time, on one span or on many, lose nothing.
    case concurrency
}
