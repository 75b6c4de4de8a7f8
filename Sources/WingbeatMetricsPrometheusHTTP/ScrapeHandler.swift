// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// Answers the requests of one connection, one after the other.
final class ScrapeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let responder: ScrapeResponder
    /// The request that is being received.
    private var request: HTTPRequestHead?
    private var bodySize = 0

    init(responder: ScrapeResponder) {
        self.responder = responder
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            request = head
            bodySize = 0
        case .body(let buffer):
            bodySize += buffer.readableBytes
            if bodySize > maximumBodySize { context.close(promise: nil) }
        case .end:
            guard let request else { return }
            self.request = nil
            answer(request, context)
        }
    }

    /// Closes a connection that is broken or speaks no HTTP; the pipeline has answered 400 where that was possible.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// Reads the registry on another thread, for event loops have other connections to serve.
    private func answer(_ request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        // A client that asks on and on without reading the answers would fill the memory.
        guard context.channel.isWritable else { return context.close(promise: nil) }
        context.eventLoop.makeFutureWithTask { [responder] in responder.answer(to: request) }
            .assumeIsolated()
            .whenSuccess { self.send($0, for: request, context) }
    }

    private func send(_ answer: ScrapeResponder.Answer, for request: HTTPRequestHead, _ context: ChannelHandlerContext)
    {
        let keepsAlive = request.isKeepAlive && request.version == .http1_1
        var headers = answer.headers
        headers.add(name: "Content-Length", value: "\(answer.body.count)")
        if !keepsAlive { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(version: request.version, status: answer.status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD {
            let body = context.channel.allocator.buffer(bytes: answer.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        let sent = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        if !keepsAlive { sent.assumeIsolated().whenComplete { _ in context.close(promise: nil) } }
    }
}

/// Closes a connection on which nothing moved for the time of the `IdleStateHandler` before it.
final class IdleConnectionCloser: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}

/// What a request may have of a body, which is read and thrown away, before the connection is closed.
private let maximumBodySize = 65_536
