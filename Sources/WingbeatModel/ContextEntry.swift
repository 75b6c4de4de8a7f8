// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

package import Instrumentation

/// All that Wingbeat keeps in a `ServiceContext`: one object under one key.
package final class ContextEntry: Sendable {
    /// Where the code runs; nil where only a decision came in.
    package let trace: TraceContext?
    /// A sampling decision that came without ids, such as the header `b3: 0`.
    package let requestedSampling: SamplingDecision?
    /// The span that made the context. It does not hold the context, so this is no circle.
    package let span: (any AnyObject & Sendable)?

    /// An entry of its parts.
    package init(
        trace: TraceContext?,
        requestedSampling: SamplingDecision? = nil,
        span: (any AnyObject & Sendable)? = nil
    ) {
        self.trace = trace
        self.requestedSampling = requestedSampling
        self.span = span
    }
}

extension ServiceContext {
    /// What Wingbeat keeps here.
    package var entry: ContextEntry? {
        get { self[ContextEntryKey.self] }
        set { self[ContextEntryKey.self] = newValue }
    }

    /// A sampling decision that came without ids, such as the header `b3: 0`.
    package var requestedSampling: SamplingDecision? {
        get { entry?.requestedSampling }
        set {
            let trace = entry?.trace
            entry = trace == nil && newValue == nil ? nil : ContextEntry(trace: trace, requestedSampling: newValue)
        }
    }
}

private enum ContextEntryKey: ServiceContextKey {
    typealias Value = ContextEntry
    static var nameOverride: String? { "wingbeat" }
}
