// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import Testing
import WingbeatCollector
import WingbeatCollectorServer
import WingbeatModel

@Suite("How much an answer holds, and how long it may take", .serialized)
struct AnswerLimitTests {
    private static let truncated = HTTPField.Name("Wingbeat-Truncated") ?? .accept

    /// A server with three traces of three spans each, the third the newest.
    private func subject(_ maximum: Int) async throws -> MemoryServer {
        let subject = MemoryServer { $0.maximumAnswerSpans = maximum }
        let spans = (1...3).flatMap { trace in
            (1...3).map { #"{"traceId":"\#(trace)","id":"\#($0)","timestamp":\#(1000 * trace)}"# }
        }
        _ = try await subject.post("[\(spans.joined(separator: ","))]")
        return subject
    }

    private func traces(_ subject: MemoryServer) async throws -> TestResponse {
        try await subject.get("/api/v2/traces?endTs=1000&lookback=1000")
    }

    @Test("the newest traces that fit together are there, and the answer says that some are not")
    func search() async throws {
        let whole = try await traces(subject(100))
        #expect(whole.headers[Self.truncated] == nil)
        let all = whole.text.dropFirst().dropLast()
        let newest = try await subject(100).get("/api/v2/trace/3").text
        #expect(all.hasPrefix(newest + ","))
        let cut = try await traces(subject(5))
        #expect(cut.status == .ok)
        #expect(cut.text == "[\(newest)]")
        #expect(cut.headers[Self.truncated] == "1 traces; an answer may hold 5 spans, ask for less")
        #expect(try await traces(subject(2)).text == "[]")
    }

    @Test("of several traces by id those that fit are there")
    func traceMany() async throws {
        let cut = try await subject(7).get("/api/v2/traceMany?traceIds=1,2,3")
        #expect(cut.text.split(separator: #""traceId":"#).count == 7)
        #expect(cut.headers[Self.truncated] == "2 traces; an answer may hold 7 spans, ask for less")
    }

    @Test("of one trace the first spans are there")
    func trace() async throws {
        let cut = try await subject(2).get("/api/v2/trace/1")
        #expect(cut.text.split(separator: #""traceId":"#).count == 3)
        #expect(cut.headers[Self.truncated] == "2 of 3 spans; an answer may hold no more")
        #expect(try await subject(3).get("/api/v2/trace/1").headers[Self.truncated] == nil)
    }

    @Test(
        "a query whose store does not answer in time ends with a sentence, and the store is told to stop",
        arguments: [
            "services", "spans?serviceName=a", "remoteServices?serviceName=a", "traces", "trace/1",
            "traceMany?traceIds=1,2", "autocompleteValues?key=a", "dependencies?endTs=1",
        ]
    )
    func deadline(path: String) async throws {
        var configuration = CollectorServer.Configuration()
        configuration.queryTimeout = .milliseconds(20)
        let response = try await MemoryServer(SleepingFakeStore(), configuration).get("/api/v2/\(path)")
        #expect(response.status == .serviceUnavailable)
        #expect(response.text == "the query took longer than it may; narrow it down")
    }
}

/// A fake store that answers only when it is cancelled.
private struct SleepingFakeStore: SpanStore {
    private func sleep<Answer>() async throws -> Answer {
        try await Task.sleep(for: .seconds(3600))
        throw CancellationError()
    }

    func accept(_ spans: [SpanRecord]) async throws {}
    func services() async throws -> [String] { try await sleep() }
    func spanNames(ofService service: String) async throws -> [String] { try await sleep() }
    func remoteServices(ofService service: String) async throws -> [String] { try await sleep() }
    func tagValues(forKey key: String) async throws -> [String] { try await sleep() }
    func trace(_ id: TraceID) async throws -> [SpanRecord] { try await sleep() }
    func traces(matching query: TraceQuery) async throws -> [[SpanRecord]] { try await sleep() }
    func add(_ rollups: [Rollup]) async throws {}
    func rollups(_ kind: Rollup.Kind, in window: ClosedRange<Int64>) async throws -> [Rollup] { try await sleep() }
    func check() async throws {}
    func status() async throws -> SpanStoreStatus { SpanStoreStatus() }
}
