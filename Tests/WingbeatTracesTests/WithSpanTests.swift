// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Tracing
import WingbeatModel
import WingbeatTraces

@Suite("withSpan")
struct WithSpanTests {
    private let subject = TracerUnderTest()

    @Test("spans nest as their closures do")
    func nests() throws {
        withTracer(subject.tracer) {
            withSpan("outer") { _ in
                withSpan("inner") { _ in }
                withSpan("second") { _ in }
            }
        }
        #expect(subject.spans.map(\.name) == ["inner", "second", "outer"])
        let outer = try #require(subject.spans.last)
        #expect(outer.parentID == nil)
        #expect(subject.spans.dropLast().allSatisfy { $0.parentID == outer.id && $0.traceID == outer.traceID })
    }

    @Test("spans nest across suspensions and child tasks")
    func nestsAsync() async throws {
        await withTracer(subject.tracer) {
            await withSpan("outer") { _ in
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<3 { group.addTask { withSpan("inner") { _ in } } }
                }
                await Task { withSpan("inner") { _ in } }.value
            }
        }
        let outer = try #require(subject.spans.last)
        #expect(outer.name == "outer")
        #expect(subject.spans.filter { $0.name == "inner" && $0.parentID == outer.id }.count == 4)
    }

    @Test("two spans one after the other are two traces")
    func separate() {
        withTracer(subject.tracer) {
            withSpan("a") { _ in }
            withSpan("b") { _ in }
        }
        #expect(Set(subject.spans.map(\.traceID)).count == 2)
    }

    @Test("the result of the closure is returned")
    func result() async {
        #expect(withTracer(subject.tracer) { withSpan("a") { _ in 42 } } == 42)
        let later = await withTracer(subject.tracer) {
            await withSpan("b") { _ in
                await Task.yield()
                return 43
            }
        }
        #expect(later == 43)
        #expect(subject.spans.count == 2)
    }

    @Test("an error is recorded, marks the span, and is thrown on")
    func throwing() throws {
        #expect(throws: TestError.self) {
            try withTracer(subject.tracer) { try withSpan("work") { _ in throw TestError() } }
        }
        let record = try #require(subject.spans.first)
        #expect(record.status == .error("the cup is empty"))
        #expect(record.isError)
        #expect(record.events.map(\.name) == ["exception"])
    }

    @Test("a cancellation is recorded as an error and thrown on")
    func cancellation() async throws {
        let tracer = subject.tracer
        let task = Task {
            try await withTracer(tracer) {
                try await withSpan("work") { _ in
                    while true {
                        try Task.checkCancellation()
                        await Task.yield()
                    }
                }
            }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        let record = try #require(subject.spans.first)
        #expect(record.isError)
        #expect(record.events.first?.attributes.contains { $0.value.description.contains("CancellationError") } == true)
    }

    @Test("two tracers at once keep their spans apart")
    func scopes() {
        let other = TracerUnderTest()
        withTracer(subject.tracer) {
            withSpan("mine") { _ in }
            withTracer(other.tracer) { withSpan("theirs") { _ in } }
            withSpan("mine") { _ in }
        }
        #expect(subject.spans.map(\.name) == ["mine", "mine"])
        #expect(other.spans.map(\.name) == ["theirs"])
    }

    @Test("the discarding reporter forgets, and costs the caller nothing")
    func discarding() {
        let tracer = WingbeatTracer(WingbeatTracer.Configuration(resource: Resource(serviceName: "shop")))
        withTracer(tracer) { withSpan("work") { #expect($0.isRecording) } }
    }
}
