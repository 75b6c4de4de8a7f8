// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatCollector
import WingbeatModel

@Suite("The tail policy decides over whole traces")
struct TailPolicyTests {
    private func policy(_ adjust: (inout TailPolicy.Options) -> Void) -> TailPolicy {
        var options = TailPolicy.Options()
        options.share = 0
        options.rareTracesPerHour = 0
        adjust(&options)
        return TailPolicy(options)
    }

    private func trace(_ low: UInt64, duration: UInt64 = 100, named name: String = "get", isError: Bool = false)
        -> [SpanRecord]
    {
        moved(
            [
                span(1, .server, at: frontend, named: name, start: 0, duration: duration),
                span(2, parent: 1, at: frontend, start: 1, duration: 1, isError: isError),
            ],
            to: low
        )
    }

    @Test("no spans stay no spans")
    func empty() {
        #expect(policy { _ in }.keep([]) == [])
    }

    @Test("failed traces are kept as they are, and what comes later of them; others are not")
    func failed() {
        let policy = policy { _ in }
        #expect(policy.keep(trace(1, isError: true)) == trace(1, isError: true))
        #expect(policy.keep(trace(1)) == trace(1))
        #expect(policy.keep(trace(2)) == nil)
        #expect(policy.keep(trace(2, isError: true)) == trace(2, isError: true))
        #expect(policy.counts == [.failed: 6, .dropped: 2])
    }

    @Test("debug spans are kept")
    func debug() {
        var spans = trace(1)
        spans[0].isDebug = true
        #expect(policy { _ in }.keep(spans) == spans)
    }

    @Test("traces that took as long as was said are kept")
    func fixedLimit() {
        let policy = policy { $0.keepSlowerThan = .milliseconds(1) }
        #expect(policy.keep(trace(1, duration: 999)) == nil)
        #expect(policy.keep(trace(2, duration: 1000)) != nil)
        #expect(policy.counts == [.dropped: 2, .slow: 2])
    }

    @Test("without a limit those are slow that took much longer than their operation so far")
    func slowerThanMost() {
        let policy = policy { _ in }
        for low: UInt64 in 1...100 { #expect(policy.keep(trace(low, duration: 100)) == nil) }
        #expect(policy.keep(trace(101, duration: 90)) == nil)
        #expect(policy.keep(trace(102, duration: 200)) != nil)
        #expect(policy.keep(trace(103, duration: 200, named: "other")) == nil)
    }

    @Test("the first traces of an operation in an hour are kept")
    func rare() {
        let policy = policy { $0.rareTracesPerHour = 2 }
        #expect((1...4).map { policy.keep(trace($0)) != nil } == [true, true, false, false])
        #expect(policy.keep(trace(5, named: "rare")) != nil)
        let later = trace(6).map { span in
            var span = span
            span.startNanoseconds += 3_600_000_000_000
            return span
        }
        #expect(policy.keep(later) != nil)
    }

    @Test("a share of the rest is kept, whose weights stand for all of them")
    func share() throws {
        let policy = policy { $0.share = 0.1 }
        var random = SeededGenerator(seed: 5)
        var weight = 0.0
        for _ in 0..<5000 {
            let low = UInt64.random(in: 1 ... .max, using: &random)
            guard let kept = policy.keep(trace(low)) else { continue }
            for span in kept {
                guard case .double(let own)? = span[attribute: TailPolicy.weightKey] else { throw Missing() }
                weight += own
            }
        }
        #expect(abs(weight - 10_000) < 1500)
        #expect(policy.counts.values.reduce(0, +) == 10_000)
    }

    private struct Missing: Error {}

    @Test("what comes later of a trace shares its fate, also when the decision was forgotten")
    func later() {
        let policy = policy {
            $0.share = 0.5
            $0.maximumDecisions = 4
        }
        let first = (1...64 as ClosedRange<UInt64>).map { policy.keep(trace($0 << 57)) != nil }
        let second = (1...64 as ClosedRange<UInt64>).map { policy.keep(trace($0 << 57)) != nil }
        #expect(first == second)
        #expect(first.contains(true) && first.contains(false))
    }
}
