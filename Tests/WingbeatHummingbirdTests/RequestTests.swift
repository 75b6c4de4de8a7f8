// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing
import WingbeatHummingbird

@Suite("router.observe")
struct RequestTests {
    @Test("gives a request a span named by method and route, numbers, and one line with status and duration")
    func success() async throws {
        let service = try ObservedService()
        service.router.get("/hello/{name}") { _, context in "hello \(context.parameters.get("name") ?? "?")" }
        try await service.test { client in
            try await client.execute(uri: "/hello/world?token=secret", method: .get) { #expect($0.status == .ok) }
        }
        #expect(await eventually { service.spans.spans.count == 1 })
        let span = try #require(service.spans.spans.first)
        #expect(span.name == "GET /hello/{name}")
        #expect(span.kind == .server)
        #expect(span[attribute: "http.request.method"] == "GET")
        #expect(span[attribute: "http.route"] == "/hello/{name}")
        #expect(span[attribute: "url.path"] == "/hello/world")
        #expect(span[attribute: "url.scheme"] == "http")
        #expect(span[attribute: "http.response.status_code"] == 200)
        #expect(span[attribute: "server.address"] != nil)
        #expect(!span.attributes.contains { $0.value.description.contains("secret") })
        #expect(!span.isError)
        #expect(service.requests("GET", "/hello/{name}", "200") == .counter(1))
        #expect(service.durations("GET", "/hello/{name}", "200") == 1)
        #expect(service.activeRequests == .gauge(0))
        #expect(service.accessLines.count == 1)
        let line = try #require(service.accessLines.first)
        #expect(line.contains("msg=\"GET /hello/world\""))
        #expect(line.contains("status=200"))
        #expect(line.contains("trace_id=\(span.traceID) span_id=\(span.id)"))
    }

    @Test("measures, counts and logs a request whose handler throws")
    func handlerThrows() async throws {
        struct Broken: Error {}
        let service = try ObservedService()
        service.router.get("/broken") { _, _ -> String in throw Broken() }
        try await service.test { client in
            try await client.execute(uri: "/broken", method: .get) { #expect($0.status == .internalServerError) }
        }
        #expect(await eventually { service.spans.spans.count == 1 })
        let span = try #require(service.spans.spans.first)
        #expect(span.name == "GET /broken")
        #expect(span.status == .error("Broken()"))
        #expect(span.events.map(\.name) == ["exception"])
        #expect(service.requests("GET", "/broken", "500") == .counter(1))
        #expect(service.durations("GET", "/broken", "500") == 1)
        #expect(service.activeRequests == .gauge(0))
        #expect(service.accessLines.first?.contains("level=error") == true)
        #expect(service.accessLines.first?.contains("status=500") == true)
    }

    @Test("does not call a client's mistake an error of the server")
    func clientError() async throws {
        let service = try ObservedService()
        service.router.get("/picky") { _, _ -> String in throw HTTPError(.badRequest) }
        try await service.test { client in
            try await client.execute(uri: "/picky", method: .get) { #expect($0.status == .badRequest) }
        }
        #expect(await eventually { service.spans.spans.count == 1 })
        #expect(service.spans.spans.first?.isError == false)
        #expect(service.accessLines.first?.contains("level=info") == true)
    }

    @Test("knows a request without a route, and gives unusual methods one label")
    func unmatched() async throws {
        let service = try ObservedService()
        let unusual = try #require(HTTPRequest.Method(rawValue: "PROPFIND"))
        try await service.test { client in
            try await client.execute(uri: "/nowhere", method: .get) { #expect($0.status == .notFound) }
            try await client.execute(uri: "/folder", method: unusual) { #expect($0.status == .notFound) }
        }
        #expect(await eventually { service.spans.spans.count == 2 })
        #expect(service.spans.spans.first?.name == "GET")
        #expect(service.requests("GET", "", "404") == .counter(1))
        #expect(service.requests("_OTHER", "", "404") == .counter(1))
        #expect(service.spans.spans.last?[attribute: "http.request.method_original"] == "PROPFIND")
    }

    @Test("keeps the trace and the request's logger while a body is streamed, and ends with its last byte")
    func streamedBody() async throws {
        let service = try ObservedService()
        service.router.get("/stream") { [logger = service.logger] _, _ in
            let outside = TraceContext.current
            return Response(
                status: .ok,
                body: ResponseBody { writer in
                    #expect(TraceContext.current == outside)
                    logger.info("streaming")
                    Logger.current.info("with the request's own logger")
                    for _ in 0..<3 { try await writer.write(ByteBuffer(string: "part ")) }
                    try await writer.finish(nil)
                }
            )
        }
        try await service.test { client in
            try await client.execute(uri: "/stream", method: .get) {
                #expect($0.body == ByteBuffer(string: "part part part "))
            }
        }
        #expect(await eventually { service.spans.spans.count == 1 })
        let trace = try #require(service.spans.spans.first).traceID
        let streaming = service.lines.lines.filter { $0.contains("msg=streaming") }
        #expect(streaming.count == 1)
        #expect(streaming.first?.contains("trace_id=\(trace)") == true)
        let own = service.lines.lines.filter { $0.contains("own logger") }
        #expect(own.first?.contains("hb.request.id=") == true)
        #expect(own.first?.contains("trace_id=\(trace)") == true)
        #expect(service.lines.lines.last?.contains("duration_ms=") == true)
    }

    @Test("counts a request whose body cannot be written to its end")
    func brokenStream() async throws {
        struct Broken: Error {}
        let service = try ObservedService()
        service.router.get("/half") { _, _ in
            Response(status: .ok, body: ResponseBody { _ in throw Broken() })
        }
        try await service.test { client in
            _ = try? await client.execute(uri: "/half", method: .get) { _ in }
        }
        #expect(await eventually { service.spans.spans.count == 1 })
        #expect(service.spans.spans.first?.events.map(\.name) == ["exception"])
        #expect(service.spans.spans.first?.isError == true)
        #expect(service.accessLines.first?.contains("level=error") == true)
        #expect(service.durations("GET", "/half", "200") == 1)
        #expect(service.activeRequests == .gauge(0))
    }

    @Test("ends a request whose answer another middleware throws away")
    func droppedAnswer() async throws {
        struct Replace<Context: RequestContext>: RouterMiddleware {
            func handle(
                _ request: Request,
                context: Context,
                next: (Request, Context) async throws -> Response
            ) async throws -> Response {
                _ = try await next(request, context)
                return Response(status: .accepted)
            }
        }
        let service = try ObservedService()
        let outer = Router()
        outer.add(middleware: Replace())
        outer.observe(service.telemetry)
        outer.get("/dropped") { _, _ in "never seen" }
        try await Application(router: outer, logger: service.logger).test(.router) { client in
            try await client.execute(uri: "/dropped", method: .get) { #expect($0.status == .accepted) }
        }
        #expect(await eventually { service.spans.spans.count == 1 })
        #expect(service.requests("GET", "/dropped", "200") == .counter(1))
        #expect(service.activeRequests == .gauge(0))
    }

    @Test("continues the caller's trace, in W3C's and in B3's words, and leaves what is unsampled unsampled")
    func propagation() async throws {
        let service = try ObservedService()
        service.router.get("/") { _, _ in "" }
        let trace = "463ac35c9f6413ad48485a3953bb6124"
        let parent = "a2fb4a1d1a96d312"
        let b3 = try #require(HTTPField.Name("b3"))
        let w3c = try #require(HTTPField.Name("traceparent"))
        try await service.test { client in
            try await client.execute(uri: "/", method: .get, headers: [b3: "\(trace)-\(parent)-1"]) { _ in }
            try await client.execute(uri: "/", method: .get, headers: [w3c: "00-\(trace)-\(parent)-01"]) { _ in }
            try await client.execute(uri: "/", method: .get, headers: [w3c: "00-\(trace)-\(parent)-00"]) { _ in }
        }
        #expect(await eventually { service.accessLines.count == 3 })
        #expect(service.spans.spans.map(\.traceID.hex) == [trace, trace])
        #expect(service.spans.spans.map(\.parentID?.hex) == [parent, parent])
        #expect(service.accessLines.allSatisfy { $0.contains("trace_id=\(trace)") })
    }
}
