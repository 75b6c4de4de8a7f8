// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import TestSupport
import Testing
import WingbeatDelivery

@testable import WingbeatDeliverySockets

@Suite("A datagram sender")
struct DatagramSenderTests {
    @Test func `sends each message as one datagram`() async throws {
        let receiver = try LoopbackSocket.udp()
        let sender = DatagramSender(.udp(host: "127.0.0.1", port: receiver.port))
        try await sender.send(Array("a:1|c\nb:2|c".utf8))
        try await sender.send(Array("c:3|c".utf8))
        #expect(await receiver.receive() == "a:1|c\nb:2|c")
        #expect(await receiver.receive() == "c:3|c")
    }

    @Test func `reaches an IPv6 address`() async throws {
        let receiver = try LoopbackSocket.udp(isIPv6: true)
        try await DatagramSender(.udp(host: "::1", port: receiver.port)).send([0x61])
        #expect(await receiver.receive() == "a")
    }

    @Test func `takes the address of a name at which somebody listens`() async throws {
        let receiver = try LoopbackSocket.udp()
        let sender = sender(port: receiver.port) { _, port in
            try ResolvedAddress.all(host: "::1", port: port) + ResolvedAddress.all(host: "127.0.0.1", port: port)
        }
        try await sender.send([0x61])
        #expect(await receiver.receive() == "a")
    }

    @Test func `looks a name up again after a failure`() async throws {
        let ports = [try closedPort(), try closedPort()]
        let receiver = try LoopbackSocket.udp()
        let lookUps = Mutex(0)
        let sender = sender { _, _ in
            let number = lookUps.withLock { lookUps in
                lookUps += 1
                return lookUps
            }
            return try ResolvedAddress.all(host: "127.0.0.1", port: (ports + [receiver.port])[min(number, 3) - 1])
        }
        #expect(await failure(of: sender, [0x61]) == .temporary)
        #expect(await failure(of: sender, [0x61]) == .temporary)
        try await sender.send([0x61])
        try await sender.send([0x62])
        #expect(await receiver.receive() == "a")
        #expect(await receiver.receive() == "b")
        #expect(lookUps.withLock { $0 } == 3)
    }

    @Test func `follows a name to another address after a while, and stays where the name servers are away`()
        async throws
    {
        let receivers = [try LoopbackSocket.udp(), try LoopbackSocket.udp()]
        let ports = Mutex([receivers[0].port, receivers[1].port])
        let sender = sender(renewal: .zero) { _, _ in
            guard let port = ports.withLock({ $0.popLast() }) else { throw CocoaError(.fileReadUnknown) }
            return try ResolvedAddress.all(host: "127.0.0.1", port: port)
        }
        for letter in ["a", "b", "c"] { try await sender.send(Array(letter.utf8)) }
        #expect(await receivers[1].receive() == "a")
        #expect(await receivers[0].receive() == "b")
        #expect(await receivers[0].receive() == "c")
    }

    @Test func `does not wait for name servers when its task is cancelled`() async throws {
        let answer = DispatchSemaphore(value: 0)
        let sender = sender { _, _ in
            answer.wait()
            return []
        }
        let sending = Task { await failure(of: sender, [0x61]) }
        sending.cancel()
        #expect(await sending.value == .temporary)
        answer.signal()
    }

    @Test func `fails for the moment where nobody listens, and sends again when somebody does`() async throws {
        var receiver: LoopbackSocket? = try LoopbackSocket.udp()
        let port = try #require(receiver).port
        let sender = DatagramSender(.udp(host: "127.0.0.1", port: port))
        try await sender.send([0x61])
        #expect(await receiver?.receive() == "a")
        receiver = nil
        #expect(await failure(of: sender, [0x62]) == .temporary)
        #expect(await failure(of: sender, [0x62]) == .temporary)
        receiver = try .udp(port: port)
        try await sender.send([0x63])
        #expect(await receiver?.receive() == "c")
    }

    @Test func `fails for the moment when the name has no address`() async {
        #expect(await failure(of: DatagramSender(.udp(host: "nowhere.invalid", port: 8125)), [0x61]) == .temporary)
    }

    @Test func `rejects a message that is too long, and sends the next`() async throws {
        let receiver = try LoopbackSocket.udp()
        let sender = DatagramSender(.udp(host: "127.0.0.1", port: receiver.port))
        #expect(await failure(of: sender, [UInt8](repeating: 0x61, count: 70_000)) == .rejected)
        try await sender.send([0x62])
        #expect(await receiver.receive() == "b")
    }

    @Test(arguments: [DatagramAddress.udp(host: "127.0.0.1", port: 65_536), .unix(path: ""), .unix(path: longPath)])
    func `rejects everything where the address cannot be one`(address: DatagramAddress) async {
        #expect(await failure(of: DatagramSender(address), [0x61]) == .rejected)
    }

    @Test func `finds a Unix socket that was made anew`() async throws {
        let path = NSTemporaryDirectory() + "wingbeat-\(UUID()).sock"
        defer { unlink(path) }
        let sender = DatagramSender(.unix(path: path))
        #expect(await failure(of: sender, [0x61]) == .temporary)  // there is no file
        var receiver: LoopbackSocket? = try .unix(path: path)
        try await sender.send([0x62])
        #expect(await receiver?.receive() == "b")
        receiver = nil
        #expect(await failure(of: sender, [0x63]) == .temporary)  // there is a file, and nobody listens
        unlink(path)
        receiver = try .unix(path: path)
        try await sender.send([0x64])
        #expect(await receiver?.receive() == "d")
    }

    @Test func `waits a little for a slow reader of a Unix socket, then fails for the moment`() async throws {
        let path = NSTemporaryDirectory() + "wingbeat-\(UUID()).sock"
        defer { unlink(path) }
        let receiver = try LoopbackSocket.unix(path: path)
        let sender = DatagramSender(.unix(path: path))
        let message = [UInt8](repeating: 0x61, count: 8192)
        var sent = 0
        while await failure(of: sender, message) == nil { sent += 1 }
        #expect(sent > 0)
        #expect(await failure(of: sender, message) == .temporary)
        for _ in 0..<sent { #expect(await receiver.receive()?.count == 8192) }
        try await sender.send([0x62])
        #expect(await receiver.receive() == "b")
    }

    @Test func `gives up soon when its task is cancelled`() async throws {
        let path = NSTemporaryDirectory() + "wingbeat-\(UUID()).sock"
        defer { unlink(path) }
        let receiver = try LoopbackSocket.unix(path: path)
        let sender = DatagramSender(.unix(path: path))
        let message = [UInt8](repeating: 0x61, count: 8192)
        while await failure(of: sender, message) == nil {}
        let start = ContinuousClock.now
        let sending = Task { await failure(of: sender, message) }
        sending.cancel()
        #expect(await sending.value == .temporary)
        #expect(start.duration(to: .now) < .milliseconds(200))
        #expect(await receiver.receive() != nil)  // the socket was there all the time
    }

    private func sender(
        port: Int = 8125,
        renewal: Duration = .seconds(60),
        lookUp: @escaping @Sendable (String, Int) throws -> [ResolvedAddress]
    ) -> DatagramSender {
        DatagramSender(.udp(host: "name", port: port), renewal: renewal, lookUp: lookUp)
    }

    @Test func `writes its address as a URL`() {
        #expect("\(DatagramAddress.udp(host: "::1", port: 8125))" == "udp://[::1]:8125")
        #expect("\(DatagramAddress.udp(host: "localhost", port: 8125))" == "udp://localhost:8125")
        #expect("\(DatagramAddress.unix(path: "/run/dsd.socket"))" == "unix:///run/dsd.socket")
    }
}

private func closedPort() throws -> Int { try LoopbackSocket.udp().port }

private let longPath = "/tmp/" + String(repeating: "x", count: 200)

/// How a delivery failed.
enum Failure {
    case temporary
    case rejected
}

/// Sends a message.
///
/// - Returns: nil when it was sent.
func failure(of sender: some ByteSender, _ bytes: [UInt8]) async -> Failure? {
    do throws(DeliveryError) {
        try await sender.send(bytes)
        return nil
    } catch {
        switch error {
        case .unreachable: return .temporary
        default: return .rejected
        }
    }
}
