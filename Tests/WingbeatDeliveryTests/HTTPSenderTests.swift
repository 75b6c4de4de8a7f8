// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore
import Testing
import Tracing
import WingbeatDelivery
import WingbeatDeliveryHTTP
import WingbeatModel
import WingbeatTraces

@Suite("Messages sent over HTTP", .timeLimit(.minutes(2)))
struct HTTPSenderTests {
    @Test("a sender that never sends has nothing to close")
    func unused() async {
        await makeSender("http://127.0.0.1:1/").close()
    }

    @Test("a message is posted with its type and headers, an empty one too", arguments: ["[]", ""])
    func posts(text: String) async throws {
        let backend = LoopbackBackend(status: .accepted)
        try await backend.run { url in
            let sender = makeSender(url)
            #expect(await failure(of: sender, sending: text) == nil)
            await sender.close()
        }
        let post = try #require(backend.posts.first)
        #expect(backend.posts.count == 1)
        #expect(post.path == "/api/v2/spans")
        #expect(post.contentType == "application/json")
        #expect(post.authorization == "Bearer token")
        #expect(post.body == text)
    }

    @Test("any 2xx takes the message", arguments: [HTTPResponse.Status.ok, .accepted, .noContent])
    func taken(status: HTTPResponse.Status) async throws {
        try await LoopbackBackend(status: status).run { url in
            let sender = makeSender(url)
            #expect(await failure(of: sender) == nil)
            await sender.close()
        }
    }

    @Test(
        "other statuses reject the message for good, also a redirect",
        arguments: [
            HTTPResponse.Status.badRequest, .unauthorized, .notFound, .movedPermanently, .found,
        ]
    )
    func rejected(status: HTTPResponse.Status) async throws {
        try await LoopbackBackend(status: status).run { url in
            let sender = makeSender(url)
            let failure = await failure(of: sender)
            guard case .rejected(let reason) = failure else {
                Issue.record("\(status): \(String(describing: failure))")
                return await sender.close()
            }
            #expect(reason.contains(url))
            #expect(reason.contains("\(status.code)"))
            await sender.close()
        }
    }

    @Test("a reason has the beginning of the answer, and another name where the URL holds a secret")
    func reason() async throws {
        let backend = LoopbackBackend { _ in
            Response(status: .badRequest, body: ResponseBody(byteBuffer: ByteBuffer(string: "no such\n\ncolumn\u{e9}")))
        }
        try await backend.run { url in
            var configuration = HTTPSender.Configuration(url: url + "/s3cret", contentType: "text/plain")
            configuration.name = "the trap"
            let sender = HTTPSender(configuration)
            guard case .rejected(let reason) = await failure(of: sender) else {
                Issue.record("it is rejected")
                return await sender.close()
            }
            #expect(reason == "the trap: 400 Bad Request: no such column\u{e9}")
            await sender.close()
        }
    }

    @Test(
        "a backend that is busy is to be tried again, after the seconds that it names",
        arguments: [
            (.tooManyRequests, "7", .seconds(7)), (.serviceUnavailable, "0", .zero), (.serviceUnavailable, nil, nil),
            (.requestTimeout, nil, nil), (.internalServerError, "-3", .zero), (.badGateway, "soon", nil),
            (.gatewayTimeout, "Wed, 21 Oct 2015 07:28:00 GMT", .zero),
            (.serviceUnavailable, "99999999999999999999", nil),
        ] as [(HTTPResponse.Status, String?, Duration?)]
    )
    func busy(status: HTTPResponse.Status, retryAfter: String?, wait: Duration?) async throws {
        let backend = LoopbackBackend { _ in
            var response = Response(status: status)
            response.headers[.retryAfter] = retryAfter
            return response
        }
        try await backend.run { url in
            let sender = makeSender(url)
            let failure = await failure(of: sender)
            if case .temporary(_, let found) = failure {
                #expect(found == wait)
            } else {
                Issue.record("\(status): \(String(describing: failure))")
            }
            await sender.close()
        }
    }

    @Test("a backend that cannot be reached is to be tried again")
    func refused() async {
        let sender = makeSender("http://127.0.0.1:1/api/v2/spans", timeout: .milliseconds(300))
        guard case .unreachable(let reason) = await failure(of: sender) else {
            Issue.record("a refused connection says nothing of the message")
            return
        }
        #expect(reason.hasPrefix("http://127.0.0.1:1/api/v2/spans: "))
        await sender.close()
    }

    @Test("a backend that does not answer, or does not finish its answer, is given up when the time is over")
    func timeout() async throws {
        let backend = LoopbackBackend { number in
            if number == 1 { try await Task.sleep(for: .seconds(86_400)) }
            let endless = ResponseBody(contentLength: 10) { writer in
                try await writer.write(ByteBuffer(string: "a"))
                try await Task.sleep(for: .seconds(86_400))
                try await writer.finish(nil)
            }
            return Response(status: .accepted, body: endless)
        }
        try await backend.run { url in
            let sender = makeSender(url, timeout: .milliseconds(300))
            guard case .unreachable = await failure(of: sender) else {
                Issue.record("no answer says nothing of the message")
                return await sender.close()
            }
            _ = await failure(of: sender)  // must come back
            await sender.close()
        }
    }

    @Test("a cancelled task stops sending")
    func cancelled() async throws {
        let backend = LoopbackBackend { _ in
            try await Task.sleep(for: .seconds(86_400))
            return Response(status: .accepted)
        }
        try await backend.run { url in
            let sender = makeSender(url)
            let sending = Task { await failure(of: sender) }
            await eventually("the backend is asked") { backend.posts.count == 1 }
            sending.cancel()
            guard case .unreachable = await sending.value else {
                Issue.record("a cancelled attempt says nothing of the message")
                return await sender.close()
            }
            await sender.close()
        }
    }

    @Test("sending spans makes no spans, and sends no trace context")
    func noSpans() async throws {
        let reporter = InMemorySpanReporter()
        let tracer = WingbeatTracer(
            WingbeatTracer.Configuration(
                resource: Resource(serviceName: "test"),
                sampler: AlwaysSampler(),
                reporter: reporter
            )
        )
        let backend = LoopbackBackend(status: .accepted)
        try await backend.run { url in
            await withTracer(tracer) {
                await withSpan("around") { _ in
                    let sender = makeSender(url)
                    #expect(await failure(of: sender) == nil)
                    await sender.close()
                }
            }
        }
        #expect(reporter.spans.filter { $0.kind == .client }.isEmpty)
        #expect(reporter.spans.contains { $0.name == "around" }, "the tracer is in use")
        #expect(backend.posts.map(\.traceParent) == [nil])
    }
}
