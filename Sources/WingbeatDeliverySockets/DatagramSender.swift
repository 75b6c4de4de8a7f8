// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOPosix
import Synchronization
public import WingbeatDelivery

/// Sends each message as one datagram, over UDP or to a Unix datagram socket; never blocks.
///
/// - A host's name is looked up beside the thread pool, again after each failure, and once a minute. Of its addresses
///   the first at which somebody listens is taken.
/// - Where nobody listens, the failure is temporary: at a Unix socket and on the loopback interface this is known at
///   once. Another host may answer so after some milliseconds; then one datagram is lost, and from then on the sender
///   waits 50 ms for such an answer before a datagram counts as sent, until none comes. A host that does not answer
///   at all, or a network that loses datagrams, goes unnoticed: that is UDP.
/// - A message that is too long for a datagram is rejected, and so is each where the address cannot be one.
/// - When the peer reads too slowly, the sender waits for up to 250 ms before the failure is temporary. After every 4
///   datagrams it pauses for a millisecond, so that a burst does not overflow the buffer of a UDP receiver (208 KiB
///   on Linux), who could not tell.
public final class DatagramSender: ByteSender {
    private struct State {
        var socket: DatagramSocket?
        var wasRefused = false
        var sent = 0
    }

    private let address: DatagramAddress
    private let renewal: Duration
    private let lookUp: @Sendable (_ host: String, _ port: Int) throws -> [ResolvedAddress]
    private let state = Mutex(State())

    /// A sender; nothing is looked up or opened before the first message.
    public convenience init(_ address: DatagramAddress) {
        self.init(address, renewal: .seconds(60), lookUp: ResolvedAddress.all)
    }

    /// - Parameters:
    ///   - renewal: how long a socket is used before the name is looked up again.
    ///   - lookUp: may block.
    init(
        _ address: DatagramAddress,
        renewal: Duration,
        lookUp: @escaping @Sendable (String, Int) throws -> [ResolvedAddress]
    ) {
        self.address = address
        self.renewal = renewal
        self.lookUp = lookUp
    }

    /// Sends the message as one datagram.
    public func send(_ bytes: [UInt8]) async throws(DeliveryError) {
        do {
            try await sendToListener(bytes)
        } catch let failure as SocketFailure where failure.isFinal {
            throw .rejected("\(address): \(failure)")
        } catch {
            state.withLock { state in
                state.socket = nil
                state.wasRefused = true
            }
            throw .unreachable("\(address): \(error)")
        }
        await pauseAfterBurst()
    }

    /// Closes the socket.
    public func close() async {
        state.withLock { $0.socket = nil }
    }

    private func sendToListener(_ bytes: [UInt8]) async throws {
        let open = state.withLock { $0.socket }
        if let open, open.made.duration(to: .now) < renewal { return try await send(bytes, through: open) }
        var failure: any Error = SocketFailure("no address")
        for candidate in try await candidates(first: open?.address) {
            do {
                let socket = try DatagramSocket(connectedTo: candidate)
                try await send(bytes, through: socket)
                return state.withLock { $0.socket = socket }
            } catch let final as SocketFailure where final.isFinal {
                throw final
            } catch {
                failure = error
            }
        }
        throw failure
    }

    /// The addresses, that which answered until now before the others; it alone where the name servers are away.
    private func candidates(first known: ResolvedAddress?) async throws -> [ResolvedAddress] {
        switch address {
        case .unix(let path):
            guard let address = ResolvedAddress(path: path) else {
                throw SocketFailure("not the path of a socket", isFinal: true)
            }
            return [address]
        case .udp(let host, let port):
            do {
                let found = try await addresses(of: host, port)
                return found.filter { $0 == known } + found.filter { $0 != known }
            } catch {
                guard let known else { throw error }
                return [known]
            }
        }
    }

    private func addresses(of host: String, _ port: Int) async throws -> [ResolvedAddress] {
        let arrival = Arrival<[ResolvedAddress]>()
        NIOThreadPool.singleton.submit { [lookUp] _ in
            arrival.bring(Result { try lookUp(host, port) })
        }
        return try await arrival.value()
    }

    private func send(_ bytes: [UInt8], through socket: DatagramSocket) async throws {
        for pause in pausesForFullBuffer {
            do {
                try socket.send(bytes)
                return try await confirm(socket)
            } catch let failure as SocketFailure where failure.isFullBuffer {
                try await Task.sleep(for: pause)
            }
        }
        try socket.send(bytes)
        try await confirm(socket)
    }

    /// After a refusal, waits for the next one before the datagram counts as sent.
    private func confirm(_ socket: DatagramSocket) async throws {
        guard state.withLock({ $0.wasRefused }) else { return }
        try? await Task.sleep(for: patienceForRefusal)  // also when cancelled the datagram is on its way
        try socket.takeRefusal()
        state.withLock { $0.wasRefused = false }
    }

    private func pauseAfterBurst() async {
        let isBurst = state.withLock { state in
            state.sent &+= 1
            return state.sent.isMultiple(of: burst)
        }
        if isBurst { try? await Task.sleep(for: .milliseconds(1)) }
    }
}

/// How long a refusal from another host may take.
private let patienceForRefusal: Duration = .milliseconds(50)

/// How many datagrams go out without a pause.
private let burst = 4

/// The pauses in which the peer may empty its buffer: 255 ms in all.
private let pausesForFullBuffer: [Duration] = (0..<8).map { .milliseconds(1 << $0) }
