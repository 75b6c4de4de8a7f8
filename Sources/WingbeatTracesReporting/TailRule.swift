// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatTraces

/// Says which traces are kept, when it is known how they went.
public struct TailRule: Sendable {
    private let keep: @Sendable ([FinishedSpan]) -> Bool

    /// A rule of one's own.
    ///
    /// - Parameter keep: gets the spans that this process made in a trace, in the order in which they ended; says
    ///   whether they are reported. Called on the thread that ended the last one, so it must not take long.
    public init(_ keep: @escaping @Sendable (_ trace: [FinishedSpan]) -> Bool) {
        self.keep = keep
    }

    func keeps(_ trace: [FinishedSpan]) -> Bool { keep(trace) }

    /// Traces in which a span failed.
    public static let errors = TailRule { trace in trace.contains { $0.record.isError } }

    /// Traces in which a span took a time or longer.
    public static func slow(_ limit: Duration) -> TailRule {
        TailRule { trace in trace.contains { Duration.nanoseconds($0.record.durationNanoseconds) >= limit } }
    }

    /// A part of all traces, from 0 to 1: those that `RatioSampler` chooses, and so the same ones in every service.
    public static func ratio(_ ratio: Double) -> TailRule {
        let sampler = RatioSampler(ratio)
        return TailRule { trace in
            guard let span = trace.first?.record else { return false }
            return sampler.isSampled(SamplingRequest(traceID: span.traceID, parent: nil, name: span.name))
        }
    }

    /// Traces that any of the rules keeps: `.any(.errors, .slow(.seconds(1)), .ratio(0.01))`.
    public static func any(_ rules: TailRule...) -> TailRule {
        TailRule { trace in rules.contains { $0.keeps(trace) } }
    }
}
