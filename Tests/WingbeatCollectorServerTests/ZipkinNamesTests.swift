// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import Testing
import WingbeatCollector
import WingbeatCollectorServer
import WingbeatModel

@Suite("Names, values and several traces, as Zipkin's page asks for them", .serialized)
struct ZipkinNamesTests {
    private static let kept = "max-age=300, must-revalidate"

    /// Posts a span for each service.
    private func subject(
        services: [String],
        _ adjust: (inout CollectorServer.Configuration) -> Void = { _ in }
    ) async throws -> MemoryServer {
        let subject = MemoryServer(adjust)
        let spans = services.enumerated().map { number, service in
            #"{"traceId":"\#(number + 1)","id":"1","name":"get","timestamp":1,"localEndpoint":{"serviceName":"\#(service)"},"#
                + #""tags":{"env":"\#(service)"}}"#
        }
        #expect(try await subject.post("[\(spans.joined(separator: ","))]").status == .accepted)
        return subject
    }

    @Test("lists of names may be kept where there are more than three services")
    func cacheControl() async throws {
        let paths = ["services", "spans?serviceName=a", "remoteServices?serviceName=a"]
        let few = try await subject(services: ["a", "b", "c"])
        for path in paths { #expect(try await few.get("/api/v2/\(path)").headers[.cacheControl] == nil, "\(path)") }
        let many = try await subject(services: ["d", "a", "c", "b"])
        for path in paths {
            #expect(try await many.get("/api/v2/\(path)").headers[.cacheControl] == Self.kept, "\(path)")
        }
        #expect(try await many.get("/api/v2/services").text == #"["a","b","c","d"]"#)
        let other = try await subject(services: ["d", "a", "c", "b"]) { $0.namesMaxAge = 5 }
        #expect(try await other.get("/api/v2/services").headers[.cacheControl] == "max-age=5, must-revalidate")
    }

    @Test("keys are those that were configured; values are listed, and may be kept where there are more than three")
    func autocompletion() async throws {
        let subject = try await subject(services: ["d", "a", "c"]) { $0.autocompleteKeys = ["env", "app"] }
        let keys = try await subject.get("/api/v2/autocompleteKeys")
        #expect(keys.text == #"["app","env"]"#)
        #expect(keys.headers[.cacheControl] == Self.kept)
        let values = try await subject.get("/api/v2/autocompleteValues?key=env")
        #expect(values.text == #"["a","c","d"]"#)
        #expect(values.headers[.cacheControl] == nil)
        #expect(try await subject.get("/api/v2/autocompleteValues?key=other").text == "[]")
        let missing = try await subject.get("/zipkin/api/v2/autocompleteValues")
        #expect(missing.status == .badRequest)
        #expect(missing.text == "key is required")
        let many = try await self.subject(services: ["d", "a", "c", "b"]) { $0.autocompleteKeys = ["env"] }
        #expect(try await many.get("/api/v2/autocompleteValues?key=env").headers[.cacheControl] == Self.kept)
    }

    @Test("without search, names and keys are empty, and a trace is still found by its id")
    func searchDisabled() async throws {
        let subject = try await subject(services: ["a"]) {
            $0.searchEnabled = false
            $0.autocompleteKeys = ["env"]
        }
        for path in [
            "services", "spans?serviceName=a", "remoteServices?serviceName=a", "autocompleteKeys",
            "autocompleteValues?key=env", "traces",
        ] {
            #expect(try await subject.get("/api/v2/\(path)").text == "[]", "\(path)")
        }
        #expect(try await subject.get("/api/v2/trace/1").status == .ok)
    }

    @Test("several traces are those that are there")
    func traceMany() async throws {
        let subject = try await subject(services: ["a", "b", "c"])
        let one = try await subject.get("/api/v2/trace/1").text
        let three = try await subject.get("/api/v2/trace/3").text
        #expect(try await subject.get("/api/v2/traceMany?traceIds=1,3").text == "[\(one),\(three)]")
        #expect(try await subject.get("/api/v2/traceMany?traceIds=%203%20,9").text == "[\(three)]")
        #expect(try await subject.get("/zipkin/api/v2/traceMany?traceIds=8,9").text == "[]")
    }

    @Test(
        "several traces are refused in Zipkin's words",
        arguments: [
            ("", "traceIds parameter is empty"), ("?traceIds=", "traceIds parameter is empty"),
            ("?traceIds=1", "Use /api/v2/trace/{traceId} endpoint to retrieve a single trace"),
            ("?traceIds=1,2,1", "redundant traceId: 0000000000000001"),
            ("?traceIds=1,01", "redundant traceId: 0000000000000001"),
            ("?traceIds=1,,2", "traceId is empty"), ("?traceIds=1,x", "x should be lower-hex encoded with no prefix"),
            ("?traceIds=1,0", "traceId is all zeros"),
        ]
    )
    func traceManyErrors(parameters: String, text: String) async throws {
        let response = try await MemoryServer().get("/api/v2/traceMany\(parameters)")
        #expect(response.status == .badRequest)
        #expect(response.text == text)
    }

    @Test("more than a thousand ids are refused")
    func tooManyIDs() async throws {
        let ids = (1...1001).map { String($0, radix: 16) }
        let refused = try await MemoryServer().get("/api/v2/traceMany?traceIds=\(ids.joined(separator: ","))")
        #expect(refused.status == .badRequest)
        #expect(refused.text == "more than 1000 traceIds")
        let taken = try await MemoryServer().get("/api/v2/traceMany?traceIds=\(ids.dropLast().joined(separator: ","))")
        #expect(taken.text == "[]")
    }
}
