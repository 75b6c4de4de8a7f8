// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Tells the watch of a connection how far its requests are, and closes the connection after an answer that says so.
///
/// A client that ends its side of the connection while it waits for the answer to a query has left. One that has posted
/// may do so: its spans are stored, and it is told.
///
/// The rest of a body that is too large is not read to its end: it is thrown away for a moment, in which the client reads
/// the answer, and then the connection is closed.
final class RequestPhases: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private static let farewell = TimeAmount.seconds(2)

    private let watch: ConnectionWatch
    private let client: ClientPresence
    private var isReading = false
    private var isAsking = false
    private var closesAfterAnswer = false
    private var isClosing = false

    init(_ watch: ConnectionWatch, _ client: ClientPresence) {
        self.watch = watch
        self.client = client
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            isAsking = head.method == .get
            isReading = true
            watch.headCame()
        case .body: break
        case .end:
            isReading = false
            watch.bodyEnded()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head): closesAfterAnswer = head.headerFields[.connection] == "close"
        case .body: break
        case .end where closesAfterAnswer && isReading:
            let promise = promise ?? context.eventLoop.makePromise()
            promise.futureResult.assumeIsolated().whenComplete { _ in self.sayFarewell(context) }
            return context.write(data, promise: promise)
        // What is answered before its body has come is still a body that must come.
        case .end: if !isReading { watch.answered(context.channel) }
        }
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event, isAsking { client.end() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        client.end()
        context.fireChannelInactive()
    }

    private func sayFarewell(_ context: ChannelHandlerContext) {
        isClosing = true
        context.close(mode: .output, promise: nil)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.farewell) { context.close(promise: nil) }
    }
}
