// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import WingbeatDelivery
import WingbeatDeliveryHTTP

/// What a backend was sent.
struct ReceivedPost: Sendable {
    let path: String
    let contentType: String?
    let authorization: String?
    let traceParent: String?
    let encoding: String?
    /// Tells one connection from another.
    let peerPort: Int?
    let bytes: [UInt8]

    var body: String { String(decoding: bytes, as: UTF8.self) }
}

/// A real HTTP server on a free port of this machine.
final class LoopbackBackend: Sendable {
    private let received = Mutex<[ReceivedPost]>([])
    private let respond: @Sendable (Int) async throws -> Response

    /// - Parameter respond: the answer to each post, numbered from 1.
    init(_ respond: @escaping @Sendable (_ post: Int) async throws -> Response) {
        self.respond = respond
    }

    /// A backend that answers everything with a status.
    convenience init(status: HTTPResponse.Status) {
        self.init { _ in Response(status: status) }
    }

    var posts: [ReceivedPost] { received.withLock { $0 } }

    /// Runs the server while the body goes on.
    func run(_ body: (_ url: String) async throws -> Void) async throws {
        let router = Router(context: PeerContext.self)
        router.post("**") { request, context in
            let bytes = try await request.body.collect(upTo: 1 << 20)
            let post = ReceivedPost(
                path: request.uri.path,
                contentType: request.headers[.contentType],
                authorization: request.headers[.authorization],
                traceParent: HTTPField.Name("traceparent").flatMap { request.headers[$0] },
                encoding: request.headers[.contentEncoding],
                peerPort: context.peerPort,
                bytes: Array(bytes.readableBytesView)
            )
            let number = self.received.withLock { received in
                received.append(post)
                return received.count
            }
            return try await self.respond(number)
        }
        let (ports, port) = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) }
        )
        let running = Task {
            defer { port.finish() }
            try await application.run()
        }
        defer { running.cancel() }
        for await port in ports {
            try await body("http://127.0.0.1:\(port)/api/v2/spans")
            break
        }
        running.cancel()
        _ = await running.result
    }
}

/// Why a message could not be sent; nil when it was.
func failure(of sender: HTTPSender, sending text: String = "hello") async -> DeliveryError? {
    do throws(DeliveryError) {
        try await sender.send(Array(text.utf8))
        return nil
    } catch {
        return error
    }
}

/// A sender with a short patience.
func makeSender(_ url: String, timeout: Duration = .seconds(30)) -> HTTPSender {
    var configuration = HTTPSender.Configuration(url: url, contentType: "application/json")
    configuration.timeout = timeout
    configuration.headers = [(name: "Authorization", value: "Bearer token")]
    return HTTPSender(configuration)
}

/// What a request of the backend knows of its connection.
private struct PeerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let peerPort: Int?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peerPort = source.channel.remoteAddress?.port
    }
}
