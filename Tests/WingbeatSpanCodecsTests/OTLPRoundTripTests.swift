// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatModel
import WingbeatSpanCodecs

@Suite("Spans that are written as OTLP and read back")
struct OTLPRoundTripTests {
    @Test("no spans", arguments: OTLPTestFormat.allCases)
    func empty(format: OTLPTestFormat) throws {
        #expect(try format.roundTrip([]).isEmpty)
        #expect(OTLPProtobufEncoder.encode([]).isEmpty)
        #expect(String(decoding: OTLPJSONEncoder.encode([]), as: UTF8.self) == "{}")
    }

    @Test("a span with something in every field comes back as it was", arguments: OTLPTestFormat.allCases)
    func full(format: OTLPTestFormat) throws {
        #expect(try format.roundTrip([fullOTLPSpan]) == [fullOTLPSpan])
    }

    @Test(
        "2,000 random spans come back as they were, in groups of their resource and scope",
        arguments: OTLPTestFormat.allCases
    )
    func random(format: OTLPTestFormat) throws {
        var spans = RandomSpans(seed: 7)
        for _ in 0..<100 {
            let sent = (0..<20).map { _ in spans.openTelemetry() }
            let read = try format.roundTrip(sent)
            #expect(Set(read) == Set(sent))
            #expect(read.count == 20)
            for span in Set(sent.map(\.resource)) {
                #expect(read.filter { $0.resource == span }.map(\.scope).changes <= Set(read.map(\.scope)).count)
            }
            #expect(read.map(\.resource).changes == Set(sent.map(\.resource)).count)
        }
    }

    @Test("both formats say the same")
    func same() throws {
        var spans = RandomSpans(seed: 8)
        for _ in 0..<200 {
            let sent = [spans.openTelemetry(), spans.zipkin(), spans.openTelemetry()]
            #expect(try OTLPTestFormat.json.roundTrip(sent) == OTLPTestFormat.protobuf.roundTrip(sent))
        }
    }

    @Test("spans of one resource and scope share one copy of each", arguments: OTLPTestFormat.allCases)
    func shared(format: OTLPTestFormat) throws {
        let read = try format.roundTrip([fullOTLPSpan, fullOTLPSpan, SpanRecord(traceID: trace(1), id: spanID(1))])
        #expect(read.count == 3)
        let first = try #require(read[0].sharedResource)
        #expect(try #require(read[1].sharedResource).isIdentical(to: first))
        let scope = try #require(read[0].sharedScope)
        #expect(try #require(read[1].sharedScope).isIdentical(to: scope))
        #expect(read[2].resource == nil && read[2].scope == nil)
    }

    @Test("a span keeps its place among those of its group", arguments: OTLPTestFormat.allCases)
    func order(format: OTLPTestFormat) throws {
        let spans = (1...30 as ClosedRange<UInt64>).map { number in
            var span = SpanRecord(traceID: trace(1), id: spanID(number))
            span.resource = Resource(serviceName: number % 3 == 0 ? "a" : "b")
            return span
        }
        let read = try format.roundTrip(spans)
        #expect(read.map(\.serviceName).changes == 2)
        for name in ["a", "b"] {
            let group = spans.filter { $0.serviceName == name }
            #expect(group.count >= 10)
            #expect(read.filter { $0.serviceName == name } == group)
        }
    }

    @Test("numbers that are no numbers come back as such", arguments: OTLPTestFormat.allCases)
    func notANumber(format: OTLPTestFormat) throws {
        var span = SpanRecord(traceID: trace(1), id: spanID(1))
        span.attributes = [Attribute("nan", .double(.nan)), Attribute("zero", .double(-0.0))]
        let read = try #require(try format.roundTrip([span]).first)
        guard case .double(let nan) = read[attribute: "nan"], case .double(let zero) = read[attribute: "zero"] else {
            Issue.record("other types: \(read.attributes)")
            return
        }
        #expect(nan.isNaN)
        #expect(zero == 0 && zero.sign == .minus)
    }

    @Test(
        "a span without a start, without an end, and one that ends later than can be said",
        arguments: OTLPTestFormat.allCases
    )
    func times(format: OTLPTestFormat) throws {
        var span = SpanRecord(traceID: trace(1), id: spanID(1))
        span.startNanoseconds = 10
        #expect(try format.roundTrip([span]) == [span])
        span.startNanoseconds = 0
        span.durationNanoseconds = 10
        #expect(try format.roundTrip([span]) == [span])
        span.startNanoseconds = .max - 1
        #expect(try format.roundTrip([span]).map(\.durationNanoseconds) == [1])
    }
}

extension Array where Element: Equatable {
    /// How many runs of equal elements there are.
    fileprivate var changes: Int {
        isEmpty ? 0 : 1 + zip(self, dropFirst()).count { $0 != $1 }
    }
}
