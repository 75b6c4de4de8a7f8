// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatDelivery
import WingbeatDeliverySockets

@Suite("A TCP sender")
struct TCPSenderTests {
    @Test func `sends all messages over one connection`() async throws {
        let listener = try LoopbackSocket.tcp()
        let sender = TCPSender(host: "127.0.0.1", port: listener.port)
        try await sender.send(Array("a 1\n".utf8))
        let connection = try #require(await listener.accept())
        #expect(await connection.receive() == "a 1\n")
        try await sender.send(Array("b 2\n".utf8))
        #expect(await connection.receive() == "b 2\n")
        await sender.close()
        #expect(await connection.receive() == "")
    }

    @Test(arguments: [("::1", true), ("127.0.0.1", false), ("localhost", false)])
    func `finds the address at which somebody listens`(host: String, isIPv6: Bool) async throws {
        let listener = try LoopbackSocket.tcp(isIPv6: isIPv6)
        let sender = TCPSender(host: host, port: listener.port)
        try await sender.send([0x61])
        #expect(await listener.accept()?.receive() == "a")
        await sender.close()
    }

    @Test func `fails for the moment where nobody listens, and connects when somebody does`() async throws {
        var listener: LoopbackSocket? = try .tcp()
        let port = try #require(listener).port
        listener = nil
        let sender = TCPSender(host: "127.0.0.1", port: port)
        #expect(await failure(of: sender, [0x61]) == .temporary)
        listener = try .tcp(port: port)
        try await sender.send([0x62])
        #expect(await listener?.accept()?.receive() == "b")
        await sender.close()
    }

    @Test func `loses no message in a connection that the peer has closed`() async throws {
        let listener = try LoopbackSocket.tcp()
        let sender = TCPSender(host: "127.0.0.1", port: listener.port)
        for number in 0..<100 {
            let message = Array("message \(number)\n".utf8)
            if await failure(of: sender, message) != nil { try await sender.send(message) }
            let connection = try #require(await listener.accept())
            #expect(await connection.receive() == "message \(number)\n")
        }  // the connection is closed when it is let go of, just before the next message
        await sender.close()
    }

    @Test func `fails for the moment when the peer stops reading`() async throws {
        let listener = try LoopbackSocket.tcp()
        let sender = TCPSender(host: "127.0.0.1", port: listener.port, timeout: .milliseconds(200))
        #expect(await failure(of: sender, [UInt8](repeating: 0x61, count: 50_000_000)) == .temporary)
        #expect(await listener.accept() != nil)
        await sender.close()
    }

    @Test func `gives up soon when its task is cancelled`() async throws {
        let listener = try LoopbackSocket.tcp()
        let sender = TCPSender(host: "127.0.0.1", port: listener.port, timeout: .seconds(100))
        let start = ContinuousClock.now
        let sending = Task { await failure(of: sender, [UInt8](repeating: 0x61, count: 50_000_000)) }
        #expect(await listener.accept() != nil)
        sending.cancel()
        #expect(await sending.value == .temporary)
        #expect(start.duration(to: .now) < .seconds(50))  // long before its time is over, on a busy machine too
    }

    @Test func `fails for the moment when the name has no address, and rejects a port that cannot be`() async {
        #expect(await failure(of: TCPSender(host: "nowhere.invalid", port: 2003), [0x61]) == .temporary)
        #expect(await failure(of: TCPSender(host: "127.0.0.1", port: -1), [0x61]) == .rejected)
    }
}
