// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Tracing
import WingbeatModel
import WingbeatTraces

@Suite("tracestate and the random flag")
struct TraceStateTests {
    private let subject = TracerUnderTest()

    private func carried(_ state: String) -> String? {
        let context = subject.extract(["traceparent": "00-\(longTrace)-\(spanHex)-01", "tracestate": state])
        #expect(context.traceContext?.traceID.hex == longTrace, "the trace is read whatever its state says")
        return subject.inject(subject.start("work", in: context).context)["tracestate"]
    }

    private static let many = (1...32).map { "k\($0)=v" }.joined(separator: ",")
    private static let longest = String(repeating: "k", count: 256) + "=" + String(repeating: "v", count: 256)

    @Test(
        "a well-formed one goes on as it came",
        arguments: [
            "a=1", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "a=1, b=2 ,\tc=3", "a=1,,b=2", "t@v=x:y;z", "0a_-*/=!~ x",
            many, longest,
        ]
    )
    func wellFormed(state: String) {
        #expect(carried(state) == state)
    }

    @Test(
        "a malformed one is left out, and so is one of more than 32 members",
        arguments: [
            "", " ", ",", "a", "a=", "=1", "A=1", "a b=1", "a=1=2", "é=1", "a=é", "a=1\n", "a=1,b", many + ",more=1",
            "k" + longest, longest + "v", "_a=1",
        ]
    )
    func malformed(state: String) {
        #expect(carried(state) == nil)
    }

    @Test("the random flag goes out as it came in, and does not follow a new trace")
    func randomFlag() {
        let flagged = subject.extract(["traceparent": "00-\(longTrace)-\(spanHex)-03"])
        #expect(flagged.traceContext?.hasRandomTraceID == true)
        let header = subject.inject(subject.start("work", in: flagged).context)["traceparent"]
        #expect(header?.hasSuffix("-03") == true)
        let unsampled = subject.extract(["traceparent": "00-\(longTrace)-\(spanHex)-02"])
        #expect(subject.inject(unsampled)["traceparent"]?.hasSuffix("-02") == true)
        #expect(subject.inject(subject.start("root").context)["traceparent"]?.hasSuffix("-01") == true)
    }
}
