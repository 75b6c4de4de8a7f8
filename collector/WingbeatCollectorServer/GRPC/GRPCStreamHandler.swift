// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOHPACK
import NIOHTTP2

/// Answers one stream of HTTP/2 as a unary call of gRPC.
///
/// The message is collected here, on the event loop, within its limits; decoding and storing go on in a task. A client
/// that gives up, or whose `grpc-timeout` ends first, is not waited for: its spans may be stored all the same.
final class GRPCStreamHandler: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private enum State {
        case head
        case message(Incoming)
        case answering
        case done
    }

    /// A call whose message is still coming.
    private struct Incoming {
        let call: GRPCCall
        let method: GRPCServices.Method
        let share: BodyShare
        var reader: GRPCMessageReader
        var deadline: BodyDeadline
    }

    private let services: GRPCServices
    private var state = State.head
    private var timeout: Scheduled<Void>?
    /// Runs only while a message is awaited that did not come in one piece.
    private var bodyCheck: Scheduled<Void>?
    private var hasEnded = false

    init(_ services: GRPCServices) {
        self.services = services
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let frame):
            hasEnded = frame.endStream
            if case .head = state { begin(frame.headers, context) }
            if hasEnded { end(context) }
        case .data(let frame):
            hasEnded = frame.endStream
            if case .byteBuffer(let bytes) = frame.data { append(bytes, context) }
            if hasEnded { end(context) }
        default: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if bodyCheck == nil, case .message(let incoming) = state { checkBody(at: incoming.deadline.deadline, context) }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        leave()
        context.close(promise: nil)
    }

    private func begin(_ headers: HPACKHeaders, _ context: ChannelHandlerContext) {
        do throws(GRPCCall.Refusal) {
            let call = try GRPCCall(headers)
            guard let method = services.method(call.path) else {
                throw .status(GRPCStatus(.unimplemented, "there is no method \(call.path.prefix(200))"))
            }
            state = .message(
                Incoming(
                    call: call,
                    method: method,
                    share: BodyShare(of: services.budget),
                    reader: GRPCMessageReader(limit: services.configuration.maximumBodyBytes),
                    deadline: BodyDeadline(
                        patience: TimeAmount(services.configuration.bodyTimeout),
                        now: context.eventLoop.now
                    )
                )
            )
            if let timeout = call.timeout { failLater(at: context.eventLoop.now + timeout, context) }
        } catch {
            switch error {
            case .notGRPC: refuse(context)
            case .status(let status): finish(status, context)
            }
        }
    }

    private func append(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        guard case .message(var incoming) = state else { return }
        state = .done  // the buffer has one owner while it grows
        do {
            var bytes = bytes
            try incoming.share.take(bytes.readableBytes)
            incoming.deadline.came(bytes.readableBytes)
            try incoming.reader.append(&bytes)
            state = .message(incoming)
        } catch {
            services.metrics.refuseMessage()
            finish(GRPCStatus(error), context)
        }
    }

    /// The client has sent everything.
    private func end(_ context: ChannelHandlerContext) {
        guard case .message(let incoming) = state else { return }
        state = .answering
        bodyCheck?.cancel()
        let stream = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        Task { [services] in
            let outcome = await services.answer(incoming.reader, incoming.call, incoming.method, incoming.share)
            eventLoop.execute {
                let (handler, context) = stream.value
                handler.finish(outcome, context)
            }
        }
    }

    private func finish(_ outcome: Result<[UInt8], GRPCStatus>, _ context: ChannelHandlerContext) {
        guard case .answering = state else { return }
        switch outcome {
        case .success(let message):
            leave()
            write(.headers(.init(headers: [":status": "200", "content-type": "application/grpc"])), context)
            write(.data(.init(data: .byteBuffer(GRPCMessageReader.frame(message)))), context)
            write(.headers(.init(headers: GRPCStatus.ok.trailers, endStream: true)), context)
            context.flush()
        case .failure(let status): finish(status, context)
        }
    }

    /// Answers with trailers alone.
    private func finish(_ status: GRPCStatus, _ context: ChannelHandlerContext) {
        var headers: HPACKHeaders = [":status": "200", "content-type": "application/grpc"]
        if status.code == .unimplemented {
            headers.add(name: "grpc-accept-encoding", value: ContentEncoding.known.joined(separator: ","))
        }
        headers.add(contentsOf: status.trailers)
        close(with: headers, context)
    }

    /// Answers what is no gRPC in plain HTTP, as gRPC asks.
    private func refuse(_ context: ChannelHandlerContext) {
        close(with: [":status": "415"], context)
    }

    private func close(with headers: HPACKHeaders, _ context: ChannelHandlerContext) {
        leave()
        write(.headers(.init(headers: headers, endStream: true)), context)
        if !hasEnded { write(.rstStream(.noError), context) }  // asks the client to send no more
        context.flush()
    }

    private func write(_ payload: HTTP2Frame.FramePayload, _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(payload), promise: nil)
    }

    private func failLater(at deadline: NIODeadline, _ context: ChannelHandlerContext) {
        timeout = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
            guard let self, !self.isDone else { return }
            self.finish(GRPCStatus(.deadlineExceeded, "the call took longer than its grpc-timeout"), context)
        }
    }

    /// Ends a call whose message does not come on.
    private func checkBody(at deadline: NIODeadline, _ context: ChannelHandlerContext) {
        bodyCheck = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
            guard let self, case .message(let incoming) = self.state else { return }
            guard incoming.deadline.deadline <= context.eventLoop.now else {
                return self.checkBody(at: incoming.deadline.deadline, context)
            }
            self.services.metrics.refuseMessage()
            self.finish(GRPCStatus(.deadlineExceeded, "the message came too slowly"), context)
        }
    }

    private func leave() {
        state = .done
        timeout?.cancel()
        bodyCheck?.cancel()
    }

    private var isDone: Bool {
        if case .done = state { true } else { false }
    }
}
