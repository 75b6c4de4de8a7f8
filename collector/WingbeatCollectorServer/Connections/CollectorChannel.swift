// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP2

/// A connection of the collector: HTTP/1.1 for everything, and HTTP/2 without TLS for gRPC, told apart by what the client
/// says first.
struct CollectorChannel: ServerChildChannel {
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        /// Nil when the client speaks HTTP/2; fails when it leaves without a word.
        let http1: EventLoopFuture<HTTP1Channel.Value?>
        let client: ClientPresence
    }

    let responder: HTTPChannelHandler.Responder
    let http2: HTTP2Connection
    let table: ConnectionTable
    let configuration: CollectorServer.Configuration

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        guard table.admit(channel) else {
            channel.close(promise: nil)
            let gone: EventLoopFuture<HTTP1Channel.Value?> = channel.eventLoop
                .makeFailedFuture(ChannelError.ioOnClosedChannel)
            return channel.eventLoop.makeSucceededFuture(Value(channel: channel, http1: gone, client: ClientPresence()))
        }
        channel.closeFuture.whenComplete { [table] _ in table.remove(channel) }
        return channel.eventLoop.makeCompletedFuture {
            let watch = ConnectionWatch(table, configuration, on: channel.eventLoop)
            let client = ClientPresence()
            let promise = channel.eventLoop.makePromise(of: HTTP1Channel.Value?.self)
            channel.closeFuture.whenComplete { _ in promise.fail(ChannelError.ioOnClosedChannel) }
            let detector = PrefaceDetector { isHTTP2 in
                isHTTP2 ? speakHTTP2(channel, watch, promise) : speakHTTP1(channel, watch, client, promise, logger)
            }
            try channel.pipeline.syncOperations.addHandlers([watch, detector])
            return Value(channel: channel, http1: promise.futureResult, client: client)
        }
    }

    func handle(value: Value, logger: Logger) async {
        await withTaskCancellationHandler {
            guard let http1 = try? await value.http1.get() else {
                return (try? await value.channel.closeFuture.get()) ?? ()
            }
            await answer(http1, while: value.client, logger)
        } onCancel: {
            value.channel.close(promise: nil)
        }
    }

    /// Answers requests; when the client leaves, the one that is under way is given up.
    private func answer(_ http1: HTTP1Channel.Value, while client: ClientPresence, _ logger: Logger) async {
        let answers = Task { await HTTP1Channel(responder: responder).handle(value: http1, logger: logger) }
        client.whenItEnds { answers.cancel() }
        await withTaskCancellationHandler {
            await answers.value
        } onCancel: {
            answers.cancel()
        }
    }

    private func speakHTTP1(
        _ channel: any Channel,
        _ watch: ConnectionWatch,
        _ client: ClientPresence,
        _ promise: EventLoopPromise<HTTP1Channel.Value?>,
        _ logger: Logger
    ) -> EventLoopFuture<Void> {
        let watch = NIOLoopBound(watch, eventLoop: channel.eventLoop)
        let configuration = HTTP1Channel.Configuration(additionalChannelHandlers: [RequestPhases(watch.value, client)])
        let value = HTTP1Channel(responder: responder, configuration: configuration)
            .setup(channel: channel, logger: logger)
        value.map(Optional.some).cascade(to: promise)
        return value.map { _ in }
    }

    private func speakHTTP2(
        _ channel: any Channel,
        _ watch: ConnectionWatch,
        _ promise: EventLoopPromise<HTTP1Channel.Value?>
    ) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            watch.becameHTTP2(channel)
            // A peer that sends no more has closed the connection: half a message is no call.
            try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: false)
            try http2.add(to: channel, streams: WatchedStreams(watch, channel))
            promise.succeed(nil)
        }
    }
}

/// Tells the watch of a connection how many streams are open.
private struct WatchedStreams: NIOHTTP2StreamDelegate {
    private let watch: NIOLoopBound<ConnectionWatch>
    private let connection: any Channel

    init(_ watch: ConnectionWatch, _ connection: any Channel) {
        self.watch = NIOLoopBound(watch, eventLoop: connection.eventLoop)
        self.connection = connection
    }

    func streamCreated(_ id: HTTP2StreamID, channel: any Channel) {
        watch.value.streams(1, connection)
    }

    func streamClosed(_ id: HTTP2StreamID, channel: any Channel) {
        watch.value.streams(-1, connection)
    }
}
