// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import Testing
import WingbeatMetrics

@testable import WingbeatCollectorServer

/// A connection on a clock that the test turns.
private struct WatchedConnection {
    private static let closed = "wingbeat.collector.connections_closed"

    let registry = MetricRegistry()
    let table: ConnectionTable
    let watch: ConnectionWatch
    let channel: EmbeddedChannel

    init() throws {
        table = ConnectionTable(limit: 10, registry: registry)
        channel = EmbeddedChannel()
        watch = ConnectionWatch(table, CollectorServer.Configuration(), on: channel.eventLoop)
        _ = table.admit(channel)
        try channel.pipeline.syncOperations.addHandler(watch)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    func receive(_ count: Int) throws {
        try channel.writeInbound(ByteBuffer(repeating: 0x20, count: count))
    }

    func wait(seconds: Int64) {
        channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
    }

    func closed(_ reason: ConnectionTable.Reason) -> Double {
        let counters = registry.snapshot()
        guard case .counter(let value) = counters[Self.closed, ["reason": reason.rawValue]] else {
            return -1
        }
        return Double(value)
    }

    /// What was said to the client.
    func answer() throws -> String? {
        try channel.readOutbound(as: ByteBuffer.self).map { String(buffer: $0) }
    }
}

@Suite("Connections on which nothing goes on")
struct ConnectionWatchTests {
    @Test("one that never says anything is closed after a while")
    func silent() throws {
        let connection = try WatchedConnection()
        connection.wait(seconds: 74)
        #expect(connection.channel.isActive)
        connection.wait(seconds: 6)
        #expect(!connection.channel.isActive)
        #expect(try connection.answer() == nil)
        #expect(connection.closed(.idle) == 1)
        #expect(connection.table.count == 0)
    }

    @Test("a head that comes a byte at a time is not waited for")
    func slowHead() throws {
        let connection = try WatchedConnection()
        for _ in 0..<9 {
            try connection.receive(1)
            connection.wait(seconds: 1)
        }
        #expect(connection.channel.isActive)
        connection.wait(seconds: 5)
        #expect(!connection.channel.isActive)
        #expect(try connection.answer()?.hasPrefix("HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n") == true)
        #expect(connection.closed(.slow) == 1)
    }

    @Test("a body has a minute, and more when it is long and comes on")
    func slowBody() throws {
        let connection = try WatchedConnection()
        try connection.receive(100)
        connection.watch.headCame()
        try connection.receive(16_384 * 30)
        connection.wait(seconds: 89)
        #expect(connection.channel.isActive)
        connection.wait(seconds: 5)
        #expect(!connection.channel.isActive)
        #expect(connection.closed(.slow) == 1)
    }

    @Test("a request that is being answered is not counted out, and the connection is idle afterwards")
    func answering() throws {
        let connection = try WatchedConnection()
        try connection.receive(100)
        connection.watch.headCame()
        connection.watch.bodyEnded()
        connection.wait(seconds: 1000)
        #expect(connection.channel.isActive)
        connection.watch.answered(connection.channel)
        connection.wait(seconds: 74)
        #expect(connection.channel.isActive)
        connection.wait(seconds: 6)
        #expect(!connection.channel.isActive)
        #expect(connection.closed(.idle) == 1)
    }
}

@Suite("How many connections there may be")
struct ConnectionTableTests {
    @Test("the one that has been idle for longest makes room; none that works does")
    func room() throws {
        let registry = MetricRegistry()
        let table = ConnectionTable(limit: 2, registry: registry)
        let channels = (0..<4).map { _ in EmbeddedChannel() }
        for channel in channels {
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }
        #expect(table.admit(channels[0]))
        #expect(table.admit(channels[1]))
        table.note(channels[0], isIdle: false)
        #expect(table.admit(channels[2]))
        #expect(channels.map(\.isActive) == [true, false, true, true])
        table.note(channels[2], isIdle: false)
        #expect(!table.admit(channels[3]))
        #expect(table.count == 2)
        table.remove(channels[0])
        #expect(table.admit(channels[3]))
    }
}

@Suite("What a connection speaks")
struct PrefaceDetectorTests {
    /// What was decided, and the bytes that came out, when the input comes a byte at a time.
    private func outcome(of input: String) throws -> (isHTTP2: Bool?, bytes: String) {
        let channel = EmbeddedChannel()
        let decision = NIOLoopBoundBox<Bool?>(nil, eventLoop: channel.eventLoop)
        let detector = PrefaceDetector { isHTTP2 in
            decision.value = isHTTP2
            return channel.eventLoop.makeSucceededVoidFuture()
        }
        try channel.pipeline.syncOperations.addHandler(detector)
        var bytes = ""
        for byte in input.utf8 {
            try channel.writeInbound(ByteBuffer(bytes: [byte]))
            while let buffer = try channel.readInbound(as: ByteBuffer.self) { bytes += String(buffer: buffer) }
        }
        return (decision.value, bytes)
    }

    @Test(
        "is known at the first byte that tells",
        arguments: [
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nmore", true), ("POST / HTTP/1.1\r\n", false), ("PRI * HTTP/1.1", false),
            ("G", false),
        ]
    )
    func decided(input: String, isHTTP2: Bool) throws {
        let outcome = try outcome(of: input)
        #expect(outcome.isHTTP2 == isHTTP2)
        #expect(outcome.bytes == input)
    }

    @Test("is not known before", arguments: ["", "P", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r"])
    func undecided(input: String) throws {
        let outcome = try outcome(of: input)
        #expect(outcome.isHTTP2 == nil)
        #expect(outcome.bytes == "")
    }
}
