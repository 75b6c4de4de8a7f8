// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Closes a connection on which nothing goes on: no request, one whose head or body does not come on, or an answer that
/// is not read.
///
/// Stands at the front of the pipeline, where it sees every byte. Looks at the clock a few times a minute only, so that
/// requests cost no timers; a connection may live a little longer than its limit.
final class ConnectionWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        case idle(since: NIODeadline)
        case head(since: NIODeadline)
        case body(BodyDeadline)
        case answering
        /// HTTP/2 has its own rules; see ``HTTP2Connection``.
        case streams(open: Int)
    }

    private let table: ConnectionTable
    private let configuration: CollectorServer.Configuration
    private let eventLoop: any EventLoop
    private var phase: Phase
    private var unread: (bytes: Int, since: NIODeadline)?

    init(_ table: ConnectionTable, _ configuration: CollectorServer.Configuration, on eventLoop: any EventLoop) {
        self.table = table
        self.configuration = configuration
        self.eventLoop = eventLoop
        phase = .idle(since: eventLoop.now)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        look(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        table.remove(context.channel)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch phase {
        case .idle:
            phase = .head(since: eventLoop.now)
            table.note(context.channel, isIdle: false)
        case .body(var deadline):
            deadline.came(unwrapInboundIn(data).readableBytes)
            phase = .body(deadline)
        case .head, .answering, .streams: break
        }
        context.fireChannelRead(data)
    }

    // What the handlers of HTTP see.

    func headCame() {
        phase = .body(BodyDeadline(patience: TimeAmount(configuration.bodyTimeout), now: eventLoop.now))
    }

    func bodyEnded() {
        phase = .answering
    }

    func answered(_ channel: any Channel) {
        phase = .idle(since: eventLoop.now)
        table.note(channel, isIdle: true)
    }

    func becameHTTP2(_ channel: any Channel) {
        phase = .streams(open: 0)
        table.note(channel, isIdle: true)
    }

    func streams(_ change: Int, _ channel: any Channel) {
        guard case .streams(let open) = phase else { return }
        phase = .streams(open: open + change)
        if open == 0 || open + change == 0 { table.note(channel, isIdle: open + change == 0) }
    }

    // The clock.

    private func look(_ context: ChannelHandlerContext) {
        let shortest = min(configuration.headTimeout, configuration.bodyTimeout, configuration.idleTimeout)
        context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(shortest / 4)) { [weak self] in
            guard let self, context.channel.isActive else { return }
            guard let reason = self.reasonToClose(context) else { return self.look(context) }
            self.table.count(reason)
            if case .head = self.phase { self.sayTimeout(context) }
            if case .body = self.phase { self.sayTimeout(context) }
            context.close(promise: nil)
        }
    }

    private func reasonToClose(_ context: ChannelHandlerContext) -> ConnectionTable.Reason? {
        let now = eventLoop.now
        if isAnswerLeftUnread(context, now) { return .slow }
        switch phase {
        case .idle(let since): return now - since > TimeAmount(configuration.idleTimeout) ? .idle : nil
        case .head(let since): return now - since > TimeAmount(configuration.headTimeout) ? .slow : nil
        case .body(let deadline): return now > deadline.deadline ? .slow : nil
        case .answering, .streams: return nil
        }
    }

    /// True when for as long as a body may take the client has read nothing of what waits for it.
    private func isAnswerLeftUnread(_ context: ChannelHandlerContext, _ now: NIODeadline) -> Bool {
        let waiting = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        guard waiting > 0 else {
            unread = nil
            return false
        }
        guard let (bytes, since) = unread, waiting >= bytes else {
            unread = (waiting, now)
            return false
        }
        return now - since > TimeAmount(configuration.bodyTimeout)
    }

    private func sayTimeout(_ context: ChannelHandlerContext) {
        let answer = "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
    }
}
