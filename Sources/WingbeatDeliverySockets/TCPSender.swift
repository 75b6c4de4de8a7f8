// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization
public import WingbeatDelivery

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Sends messages as a stream of bytes over one TCP connection, for protocols of lines such as Graphite's.
///
/// It connects with the first message and keeps the connection; when that has ended, the next message makes a new one.
/// What the peer answers is thrown away. Every failure is temporary, but for a port that cannot be.
///
/// A message counts as sent when the system has taken all of it. What is lost: what the system had taken when the
/// peer or the network ended, for TCP does not tell how far the peer has read. A connection that the peer has closed is
/// noticed before the next message is written. A message whose writing failed half way is sent again whole on a new
/// connection, so its first lines may arrive twice, and one of them cut at the end of the old connection.
public final class TCPSender: ByteSender {
    private let host: String
    private let port: Int
    private let timeout: Duration
    private let connection = Mutex<(any Channel)?>(nil)

    /// A sender; nothing is connected before the first message.
    ///
    /// - Parameters:
    ///   - host: a name, an IPv4 or an IPv6 address; of a name's addresses the first that answers is taken.
    ///   - port: the port.
    ///   - timeout: how long connecting may take, and how long writing a message.
    public init(host: String, port: Int, timeout: Duration = .seconds(10)) {
        self.host = host
        self.port = port
        self.timeout = timeout
    }

    /// Writes the message, after connecting if necessary.
    public func send(_ bytes: [UInt8]) async throws(DeliveryError) {
        do {
            try await write(bytes, to: openConnection())
        } catch let failure as SocketFailure where failure.isFinal {
            throw .rejected("tcp://\(host):\(port): \(failure)")
        } catch {
            await close()
            throw .unreachable("tcp://\(host):\(port): \(error)")
        }
    }

    /// Closes the connection.
    public func close() async {
        try? await replaceConnection(with: nil)?.close()
    }

    private func openConnection() async throws -> any Channel {
        if let open = connection.withLock({ $0 }), open.isActive { return open }
        let new = try await connect()
        try? await replaceConnection(with: new)?.close()
        return new
    }

    private func replaceConnection(with new: (any Channel)?) -> (any Channel)? {
        connection.withLock { connection in
            defer { connection = new }
            return connection
        }
    }

    private func connect() async throws -> any Channel {
        guard UInt16(exactly: port) != nil else { throw SocketFailure("there is no port \(port)", isFinal: true) }
        let arrival = Arrival<any Channel>()
        ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(TimeAmount(timeout))
            .connect(host: host, port: port)
            .whenComplete { result in
                if !arrival.bring(result) { try? result.get().close(promise: nil) }
            }
        return try await arrival.value()
    }

    private func write(_ bytes: [UInt8], to channel: any Channel) async throws {
        let arrival = Arrival<Void>()
        channel.failureIfPeerHasClosed()
            .flatMap { channel.writeAndFlush(ByteBuffer(bytes: bytes)) }
            .whenComplete { arrival.bring($0) }
        let alarm = channel.eventLoop.scheduleTask(in: TimeAmount(timeout)) { [timeout] in
            arrival.bring(.failure(SocketFailure("not written within \(timeout)")))
        }
        defer { alarm.cancel() }
        try await arrival.value()
    }
}

extension Channel {
    /// Asks the system for the state of the connection: the event loop may not have read yet that it has ended.
    fileprivate func failureIfPeerHasClosed() -> EventLoopFuture<Void> {
        #if os(Linux)
            guard let options = self as? any SocketOptionProvider else { return eventLoop.makeSucceededVoidFuture() }
            return options.getTCPInfo().flatMapThrowing { info in
                guard info.tcpi_state == UInt8(TCP_ESTABLISHED) else { throw SocketFailure("closed by the peer") }
            }
        #else
            return eventLoop.makeSucceededVoidFuture()
        #endif
    }
}
