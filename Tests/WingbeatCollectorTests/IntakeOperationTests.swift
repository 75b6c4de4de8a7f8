// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel

@testable import WingbeatCollector

@Suite("The intake counts operations")
struct IntakeOperationTests {
    private let window = Int64(today)...Int64(today) + 180_000_000

    @Test("spans, errors and durations of each service and name, whatever their case, by minute")
    func counts() async throws {
        let subject = IntakeUnderTest()
        try await subject.intake.accept(newTrace)
        let shouting = NetworkEndpoint(serviceName: "FRONTEND")
        try await subject.intake.accept([
            span(9, at: shouting, named: "GET", start: 60_000_000, duration: 350, isError: true),
            span(10, at: frontend), span(11, named: "nobody"),
        ])
        for _ in 0..<2 {
            let found = try await subject.intake.operations(in: window)
            #expect(found.map(\.minute) == [28_333_440, 28_333_440, 28_333_440, 28_333_440, 28_333_441])
            #expect(found.map(\.service) == ["backend", "backend", "frontend", "frontend", "frontend"])
            #expect(found.map(\.name) == ["post", "query", "get", "post", "get"])
            #expect(found.map(\.calls.count) == [1, 1, 1, 1, 1])
            #expect(found.map(\.calls.errors) == [0, 1, 0, 0, 1])
            #expect(found[2].calls.durations.quantile(0.5) == found[4].calls.durations.quantile(0.5))
            try await subject.intake.flush()
        }
        #expect(try await subject.intake.operations(in: 0...1).isEmpty)
    }

    @Test("what is counted is brought to the store once")
    func flushed() async throws {
        let subject = IntakeUnderTest()
        try await subject.intake.accept(newTrace)
        try await subject.intake.flush()
        try await subject.intake.flush()
        #expect(subject.store.rollups.filter { $0.kind == .operation }.count == 4)
        try await subject.intake.accept([newTrace[0]])
        try await subject.intake.flush()
        #expect(subject.store.rollups.filter { $0.kind == .operation }.count == 5)
        let get = try await subject.intake.operations(in: window).filter { $0.name == "get" }
        #expect(get.map(\.calls.count) == [2])
    }

    @Test("minutes that come in turns are all counted")
    func turns() async throws {
        let subject = IntakeUnderTest()
        for number: UInt64 in 1...100 {
            try await subject.intake.accept([
                span(number, at: frontend, named: "get", start: number % 3 * 60_000_000 + 1)
            ])
        }
        #expect(try await subject.intake.operations(in: window).map(\.calls.count) == [33, 34, 33])
    }

    @Test("names without end are counted under other, those of one service beside the names of others")
    func endlessNames() async throws {
        let subject = IntakeUnderTest()
        let noisy = (0..<5000 as Range<UInt64>).map { span($0 + 1, at: backend, named: "op \($0)", start: 1) }
        try await subject.intake.accept(noisy + [span(9000, at: frontend, named: "get", start: 1)])
        let found = try await subject.intake.operations(in: window)
        #expect(found.count == 2002)
        #expect(found.first { $0.name == "other" }?.calls.count == 3000)
        #expect(found.first { $0.service == "frontend" }?.calls.count == 1)
        #expect(subject.intake.limits.unnamedOperations == 3000)
    }

    @Test("since the start: spans by kind and error, durations in buckets, the last trace of each as an example")
    func metrics() async throws {
        let subject = IntakeUnderTest()
        let calls = [
            span(1, .server, at: frontend, named: "get", start: 1, duration: 5000),
            span(2, .server, at: frontend, named: "get", start: 1, duration: 5001, isError: true),
            span(3, .client, at: frontend, named: "get", start: 1, duration: 20_000_000),
            span(4, .client, at: frontend, named: "get", start: 1),
        ]
        for (index, call) in calls.enumerated() {
            try await subject.intake.accept(moved([call], to: UInt64(index + 1)))
        }
        try await subject.intake.flush()
        let found = subject.intake.operationMetrics
        #expect(found.map(\.service) == ["frontend"] && found.map(\.name) == ["get"])
        let metrics = try #require(found.first?.metrics)
        #expect(metrics.count(.server, isError: false) == 1 && metrics.count(.server, isError: true) == 1)
        #expect(metrics.count(.client, isError: false) == 2 && metrics.count(nil, isError: false) == 0)
        #expect(metrics.buckets == [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
        #expect(metrics.examples.map { $0?.traceID.low } == [1, 2] + Array(repeating: nil, count: 9) + [3])
        #expect(abs(metrics.seconds - 20.010_001) < 1e-9)
    }

    @Test("spans that the rate left out are counted, but are no examples: their traces cannot be looked up")
    func sampledOut() async throws {
        let subject = IntakeUnderTest { $0.sampleRate = 0 }
        try await subject.intake.accept([span(1, at: frontend, named: "get", start: 1, duration: 5000)])
        let metrics = try #require(subject.intake.operationMetrics.first?.metrics)
        #expect(metrics.count(nil, isError: false) == 1)
        #expect(metrics.examples.allSatisfy { $0 == nil })
    }
}
