// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Tracing
import WingbeatDelivery
import WingbeatMetrics
import WingbeatModel
import WingbeatTraces
import WingbeatTracesReporting

@Suite("Which traces are kept is decided when it is known how they went")
struct TailSamplingTests {
    private let memory = InMemorySpanReporter()
    private let registry = MetricRegistry()

    private func reporter(
        _ rule: TailRule = .errors,
        _ adjust: (inout TailSamplingReporter.Configuration) -> Void = { _ in }
    ) -> TailSamplingReporter {
        var configuration = TailSamplingReporter.Configuration()
        adjust(&configuration)
        return TailSamplingReporter(keeping: rule, to: memory, configuration: configuration, factory: registry)
    }

    private func isBalanced(_ reporter: TailSamplingReporter, finished: Int) -> Bool {
        finished == memory.spans.count + reporter.sampledOut + reporter.buffered
    }

    @Test("a trace with an error is kept as a whole, in its order; one without is counted")
    func errors() throws {
        let reporter = reporter()
        reporter.report(try makeSpan(id: 3, parent: 2) { $0.status = .error("") })
        reporter.report(try makeSpan(id: 2, parent: 1))
        reporter.report(try makeSpan(trace: 2, id: 5, parent: 4))
        #expect(memory.spans.isEmpty)
        #expect(reporter.buffered == 3)
        reporter.report(try makeSpan(id: 1))
        reporter.report(try makeSpan(trace: 2, id: 4))
        #expect(memory.spans.map(\.id.value) == [3, 2, 1])
        #expect(reporter.sampledOut == 2)
        #expect(reporter.buffered == 0)
        #expect(registry.snapshot()["wingbeat.spans.sampled_out"] == .counter(2))
        #expect(registry.snapshot()["wingbeat.spans.buffered"] == .gauge(0))
    }

    @Test("the local root is the span whose parent is elsewhere, as far as it is known")
    func localRoot() throws {
        let reporter = reporter(TailRule { _ in true })
        reporter.report(try makeSpan(trace: 1, id: 1, parent: 9) { $0.flags = 0x301 })  // the parent is remote
        #expect(memory.spans.count == 1)
        reporter.report(try makeSpan(trace: 2, id: 2, parent: 9) { $0.kind = .server })  // nobody knows
        #expect(memory.spans.count == 2)
        reporter.report(
            try makeSpan(trace: 3, id: 3, parent: 9) { span in
                span.flags = 0x101  // the parent is here
                span.kind = .server
            }
        )
        #expect(memory.spans.count == 2)
        #expect(reporter.buffered == 1)
    }

    @Test("rules may be joined: slow ones, a part of all, and one's own")
    func rules() throws {
        let reporter = reporter(.any(.slow(.milliseconds(10)), TailRule { $0.contains { $0.record.name == "keep" } }))
        reporter.report(try makeSpan(trace: 1, id: 1) { $0.durationNanoseconds = 10_000_000 })
        reporter.report(try makeSpan(trace: 2, id: 2) { $0.durationNanoseconds = 9_999_999 })
        reporter.report(try makeSpan(trace: 3, id: 3) { $0.name = "keep" })
        reporter.report(try makeSpan(trace: 4, id: 4) { $0.durationNanoseconds = .max })
        #expect(memory.spans.map(\.id.value) == [1, 3, 4])
    }

    @Test(
        "a part of all traces is the part that the sampler of that ratio chooses",
        arguments: [0, 0.3, 1, .nan, -1, 7]
    )
    func ratio(ratio: Double) throws {
        let reporter = reporter(.ratio(ratio))
        let tracer = WingbeatTracer(
            WingbeatTracer.Configuration(
                resource: Resource(serviceName: "x"),
                sampler: RatioSampler(ratio),
                reporter: reporter
            )
        )
        let all = InMemorySpanReporter()
        let unsampled = WingbeatTracer(
            WingbeatTracer.Configuration(resource: Resource(serviceName: "x"), sampler: AlwaysSampler(), reporter: all)
        )
        for _ in 0..<300 { tracer.startSpan("sampled").end() }
        #expect(reporter.sampledOut == 0, "what the sampler takes the rule keeps")
        for _ in 0..<300 { unsampled.startSpan("all").end() }
        for span in all.spans { reporter.report(FinishedSpan(span)) }
        if ratio > 0 && ratio < 1 { #expect(reporter.sampledOut > 100 && reporter.sampledOut < 280) }
        if ratio >= 1 { #expect(reporter.sampledOut == 0) }
        if !(ratio > 0) { #expect(reporter.sampledOut == 300) }
    }

    @Test("a debug trace is kept whatever the rule says")
    func debug() throws {
        let reporter = reporter()
        reporter.report(try makeSpan(id: 1) { $0.isDebug = true })
        #expect(memory.spans.count == 1)
    }

    @Test("what ends after its local root is kept where the trace was, and otherwise decided by itself")
    func late() throws {
        let reporter = reporter { $0.maximumTraces = 1 }
        reporter.report(try makeSpan(id: 1) { $0.status = .error("") })
        reporter.report(try makeSpan(id: 2, parent: 1))
        #expect(memory.spans.map(\.id.value) == [1, 2])
        reporter.report(try makeSpan(trace: 2, id: 3))
        reporter.report(try makeSpan(trace: 2, id: 4, parent: 3) { $0.status = .error("") })
        reporter.report(try makeSpan(trace: 3, id: 5, parent: 9))  // there is room for one: trace 2 is decided
        #expect(memory.spans.map(\.id.value) == [1, 2, 4])
        #expect(isBalanced(reporter, finished: 5))
    }

    @Test("when too many traces wait, the oldest are decided on what is known")
    func tooMany() throws {
        let reporter = reporter { $0.maximumTraces = 10 }
        for trace in 1...100 {
            reporter.report(
                try makeSpan(trace: UInt64(trace), id: UInt64(trace), parent: 1000) { span in
                    if trace % 2 == 0 { span.status = .error("") }
                }
            )
        }
        #expect(reporter.buffered == 10)
        #expect(memory.spans.map(\.id.value) == Array(stride(from: 2, through: 90, by: 2)))
        #expect(reporter.sampledOut == 45)
    }

    @Test("a trace that has waited for too long is decided")
    func tooOld() async throws {
        let reporter = reporter { $0.maximumAge = .zero }
        reporter.report(try makeSpan(id: 1, parent: 9) { $0.status = .error("") })
        #expect(memory.spans.count == 1)
        #expect(reporter.buffered == 0)
    }

    @Test("at the end what waits is decided, and goes out with what was before")
    func end() async throws {
        let sender = FakeSender()
        let zipkin = ZipkinReporter(sender: sender, factory: registry)
        let reporter = TailSamplingReporter(keeping: .errors, to: zipkin, factory: registry)
        let running = Task { await reporter.run() }
        reporter.report(try makeSpan(trace: 1, id: 1, parent: 9) { $0.status = .error("") })
        reporter.report(try makeSpan(trace: 2, id: 2, parent: 9))
        running.cancel()
        await running.value
        #expect(Books(registry, prefix: "wingbeat.spans") == Books(recorded: 1, exported: 1))
        #expect(reporter.sampledOut == 1)
        #expect(reporter.buffered == 0)
        #expect(sender.closes == 1)
    }

    @Test("eight tasks at once lose nothing, and the books are balanced at the end")
    func concurrent() async throws {
        let reporter = reporter { $0.maximumTraces = 100 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for step in 0..<500 {
                        let trace = UInt64(task * 1000 + step / 3 + 1)
                        let id = UInt64(task * 1000 + step + 1)
                        reporter.report(
                            try makeSpan(trace: trace, id: id, parent: step % 3 == 2 ? nil : 1) { span in
                                if step % 7 == 0 { span.status = .error("") }
                            }
                        )
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(memory.spans.count + reporter.sampledOut + reporter.buffered == 4000)
        #expect(Set(memory.spans.map(\.id)).count == memory.spans.count)
        #expect(reporter.sampledOut > 0 && !memory.spans.isEmpty)
    }
}
