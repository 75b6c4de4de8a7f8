// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Tracing
import WingbeatModel
import WingbeatTraces

@Suite("traced { }")
struct TracedTests {
    private let subject = TracerUnderTest()

    private func sum(of numbers: [Int]) -> Int { traced { numbers.reduce(0, +) } }

    private func later() async -> Int {
        await traced {
            await Task.yield()
            return 42
        }
    }

    private func fail() throws { try traced { throw TestError() } }

    @Test("the span has the name of the function, and the body's result comes back")
    func named() async {
        await withTracer(subject.tracer) {
            #expect(sum(of: [1, 2]) == 3)
            #expect(await later() == 42)
        }
        #expect(subject.spans.map(\.name) == ["sum(of:)", "later()"])
    }

    @Test("the body may have the span, another name and a kind")
    func span() async throws {
        await withTracer(subject.tracer) {
            traced("pay", kind: .client) { span in span.attributes["amount"] = 12 }
            await traced("ship") { span in
                await Task.yield()
                span.attributes["by"] = "sea"
            }
        }
        #expect(subject.spans.map(\.name) == ["pay", "ship"])
        #expect(subject.spans.map(\.kind) == [.client, .internal])
        #expect(subject.spans.map(\.attributes) == [[Attribute("amount", 12)], [Attribute("by", "sea")]])
    }

    @Test("an error is recorded and thrown on")
    func error() {
        #expect(throws: TestError.self) { try withTracer(subject.tracer) { try fail() } }
        #expect(subject.spans.map(\.isError) == [true])
    }
}
