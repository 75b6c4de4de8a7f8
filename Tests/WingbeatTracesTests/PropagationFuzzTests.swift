// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Tracing
import WingbeatModel
import WingbeatTraces

@Suite("Headers that were damaged on their way")
struct PropagationFuzzTests {
    private static let seeds = [
        "00-\(longTrace)-\(spanHex)-01", "\(longTrace)-\(spanHex)-d-\(parentHex)", "\(shortTrace)-\(spanHex)", "0", "d",
        "true", longTrace, spanHex, "a=1;p;q=2,b=%20x", "rojo=1,congo=t61r", "",
    ]
    private static let names = [
        "traceparent", "tracestate", "baggage", "b3", "X-B3-TraceId", "X-B3-SpanId", "X-B3-ParentSpanId",
        "X-B3-Sampled", "X-B3-Flags",
    ]

    @Test("a hundred thousand damaged requests: whatever is read is written so that it reads back the same")
    func damaged() {
        var generator = SeededGenerator(seed: 11)
        let formats: [[any Propagator]] = [
            [W3CTraceContextPropagator(), W3CBaggagePropagator()], [B3SinglePropagator()], [B3MultiPropagator()],
        ]
        let subjects = formats.map { TracerUnderTest(propagators: Propagators(extract: $0, inject: $0)) }
        var traces = 0
        for number in 0..<100_000 {
            let subject = subjects[number % subjects.count]
            let first = subject.extract(Self.headers(&generator))
            let second = subject.extract(subject.inject(first))
            if first.traceContext != second.traceContext || first.baggage != second.baggage {
                Issue.record("\(first.traceContext as Any) \(first.baggage) became \(second)")
                return
            }
            traces += first.traceContext == nil ? 0 : 1
        }
        #expect(traces > 1000, "some damage leaves a trace readable, or this test tests nothing")
    }

    private static func headers(_ generator: inout SeededGenerator) -> [String: String] {
        var headers: [String: String] = [:]
        let kind = Int.random(in: 0..<3, using: &generator)
        for (index, name) in names.enumerated() where Bool.random(using: &generator) || index % 3 == kind {
            headers[name] = damage(fitting(name, &generator), &generator)
        }
        return headers
    }

    private static func fitting(_ name: String, _ generator: inout SeededGenerator) -> String {
        guard Int.random(in: 0..<4, using: &generator) > 0 else { return seeds.randomElement(using: &generator) ?? "" }
        switch name {
        case "traceparent": return seeds[0]
        case "b3": return seeds[Int.random(in: 1...4, using: &generator)]
        case "X-B3-TraceId": return longTrace
        case "X-B3-SpanId", "X-B3-ParentSpanId": return spanHex
        case "baggage": return seeds[8]
        case "tracestate": return seeds[9]
        default: return "1"
        }
    }

    private static func damage(_ text: String, _ generator: inout SeededGenerator) -> String {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 0...2, using: &generator) {
            let index = Int.random(in: 0...bytes.count, using: &generator)
            let byte = Array(",;-= %0d\tA\u{7F}".utf8).randomElement(using: &generator) ?? 0
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes.insert(byte, at: index)
            case 1 where index < bytes.count: bytes[index] = .random(in: 0...255, using: &generator)
            case 2 where index < bytes.count: bytes.removeSubrange(index...)
            default: bytes.append(contentsOf: [byte] + bytes)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
