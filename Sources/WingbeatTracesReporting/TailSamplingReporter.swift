// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Metrics
public import ServiceLifecycle
import Synchronization
import WingbeatModel
public import WingbeatTraces

/// Decides at the end of a trace whether it is reported: keeps errors and slow ones, for example.
///
/// The spans that this process makes in a trace wait until its local root ends (the span that has no parent here), then
/// a rule sees them all. What the rule does not keep is counted as `wingbeat.spans.sampled_out`. When too many traces or
/// bytes wait, or one for too long, the oldest is decided on what is known of it. A span that ends after its local root
/// is kept where the trace was; otherwise it waits for its time to be over. Traces with B3's debug flag are always kept.
///
/// Only the spans of one process are seen, so another service may keep its part of a trace, or not.
/// `finished = sampled out + buffered + recorded` by the reporter behind it, at every reading of this process.
public final class TailSamplingReporter: SpanReporter, QueueingSpanReporter, Service {
    /// How much may wait.
    public struct Configuration: Sendable {
        /// How many traces wait at most.
        public var maximumTraces = 10_000
        /// How many bytes of spans wait at most, about: 32 MiB.
        public var maximumBytes = 32 << 20
        /// How long a trace waits for its end.
        public var maximumAge: Duration = .seconds(30)

        /// The defaults.
        public init() {}
    }

    private let next: any SpanReporter
    private let rule: TailRule
    private let state: Mutex<State>

    private struct State {
        var buffer: TailBuffer
        var sampledOut = 0
        /// Spans that are being decided on.
        var inDecision = 0
    }

    /// - Parameters:
    ///   - rule: which traces are kept.
    ///   - next: where they go; it is run by this reporter.
    ///   - configuration: how much may wait.
    ///   - factory: where the metrics are kept.
    public init(
        keeping rule: TailRule,
        to next: any SpanReporter,
        configuration: Configuration = Configuration(),
        factory: any MetricsFactory = MetricsSystem.factory
    ) {
        self.next = next
        self.rule = rule
        state = Mutex(State(buffer: TailBuffer(configuration)))
        (factory as? any TallyReader)?.add(TailBooks(self))
    }

    /// How many spans were not kept.
    public var sampledOut: Int { state.withLock { $0.sampledOut } }

    /// How many spans wait for the end of their trace.
    public var buffered: Int { state.withLock { $0.buffer.spans + $0.inDecision } }

    /// Keeps the span until its trace ends.
    public func report(_ span: FinishedSpan) {
        let isKept = state.withLock { $0.buffer.isKept(span.record.traceID) }
        if isKept { return next.report(span) }
        let ended = state.withLock { state in
            Self.begin(&state) { $0.add(span, at: .now) }
        }
        for trace in ended { decide(trace) }
    }

    /// Runs the reporter behind this one until shutdown or cancellation; what waits then is decided on before. Never
    /// throws.
    public func run() async {
        let passing = Task.detached { [next] in try? await (next as? any Service)?.run() }
        let looking = Task { await lookAtIntervals() }
        await withTaskCancellationOrGracefulShutdownHandler {
            await looking.value
        } onCancelOrGracefulShutdown: {
            looking.cancel()
        }
        decideAll { $0.takeAll() }
        passing.cancel()
        _ = await passing.value
    }

    /// Takes back what waits, here and behind.
    package func withdraw() -> [FinishedSpan] {
        let waiting = state.withLock { $0.buffer.takeAll() }
        return ((next as? any QueueingSpanReporter)?.withdraw() ?? []) + waiting.flatMap { $0 }
    }

    private func lookAtIntervals() async {
        while (try? await Task.sleep(for: .seconds(1))) != nil { decideAll { $0.takeOldest(at: .now) } }
    }

    private func decideAll(_ take: (inout TailBuffer) -> [[FinishedSpan]]) {
        for trace in state.withLock({ Self.begin(&$0, take) }) { decide(trace) }
    }

    private static func begin(_ state: inout State, _ take: (inout TailBuffer) -> [[FinishedSpan]]) -> [[FinishedSpan]]
    {
        let ended = take(&state.buffer)
        for trace in ended { state.inDecision += trace.count }
        return ended
    }

    private func decide(_ trace: [FinishedSpan]) {
        let isKept = trace.contains { $0.record.isDebug } || rule.keeps(trace)
        if isKept { for span in trace { next.report(span) } }
        state.withLock { state in
            state.inDecision -= trace.count
            guard isKept else { return state.sampledOut += trace.count }
            if let id = trace.first?.record.traceID { state.buffer.remember(id) }
        }
        if !isKept { SpanPool.recycle(trace) }
    }

    fileprivate var tallies: [Tally] {
        let (sampledOut, buffered) = state.withLock { ($0.sampledOut, $0.buffer.spans + $0.inDecision) }
        return [
            Tally(name: "wingbeat.spans.sampled_out", help: "Spans that were not recorded.", value: Double(sampledOut)),
            Tally(
                name: "wingbeat.spans.buffered",
                help: "Spans that wait for the end of their trace.",
                isGauge: true,
                value: Double(buffered)
            ),
        ]
    }
}

/// The numbers of a reporter, for as long as it is there.
private final class TailBooks: TallySource {
    private struct Reference {
        weak var reporter: TailSamplingReporter?
        var last: [Tally] = []
    }

    private let state: Mutex<Reference>

    init(_ reporter: TailSamplingReporter) {
        state = Mutex(Reference(reporter: reporter))
    }

    func read() -> (tallies: [Tally], isFinal: Bool) {
        state.withLock { state in
            guard let reporter = state.reporter else {
                return (state.last.filter { !$0.isGauge }, true)
            }
            state.last = reporter.tallies
            return (state.last, false)
        }
    }
}
