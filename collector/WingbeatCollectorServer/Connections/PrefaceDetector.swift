// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Finds out by its first bytes whether a connection speaks HTTP/2 (RFC 9113, section 3.4) or HTTP/1, has the rest of the
/// pipeline made, and gives it the bytes.
final class PrefaceDetector: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private let makePipeline: (_ isHTTP2: Bool) -> EventLoopFuture<Void>
    private var buffer = ByteBuffer()
    private var hasDecided = false

    /// - Parameter makePipeline: adds the handlers of the protocol to the end of the pipeline.
    init(makePipeline: @escaping (_ isHTTP2: Bool) -> EventLoopFuture<Void>) {
        self.makePipeline = makePipeline
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        buffer.writeBuffer(&bytes)
        guard !hasDecided else { return }
        let isPrefix = buffer.readableBytesView.starts(with: Self.preface)
        guard isPrefix || !Self.preface.starts(with: buffer.readableBytesView) else { return }
        hasDecided = true
        makePipeline(isPrefix).assumeIsolated().whenComplete { result in
            switch result {
            case .success: self.leave(context)
            case .failure: context.close(promise: nil)
            }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed, is ChannelShouldQuiesceEvent: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    private func leave(_ context: ChannelHandlerContext) {
        context.fireChannelRead(wrapInboundOut(buffer))
        context.fireChannelReadComplete()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
}
