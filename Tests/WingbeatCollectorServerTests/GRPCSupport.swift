// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOEmbedded
import NIOHPACK
import NIOHTTP2
import WingbeatCollector
import WingbeatMetrics
import WingbeatModel
import WingbeatSpanCodecs

@testable import WingbeatCollectorServer

/// What came back on a stream of HTTP/2.
struct GRPCAnswer {
    var headers: [HPACKHeaders] = []
    var body: [UInt8] = []
    var wasReset = false

    func field(_ name: String) -> String? { headers.last?.first(name: name) }
    var status: String? { field("grpc-status") }
    var message: String? { field("grpc-message") }
}

/// A collector's gRPC in front of a fake store, one stream after the other.
struct GRPCUnderTest {
    static let export = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
    static let report = "/zipkin.proto3.SpanService/Report"
    static let health = "/grpc.health.v1.Health/Check"
    /// A request with one span: what holds none does not reach the store.
    static let one = OTLPProtobufEncoder.encode([SpanRecord(traceID: .smallest, id: .smallest)])

    let subject: ServerUnderTest
    private let services: GRPCServices

    init(
        _ store: FakeSpanStore = FakeSpanStore(),
        _ adjust: (inout CollectorServer.Configuration) -> Void = { _ in }
    ) {
        subject = ServerUnderTest(store, adjust)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        services = subject.server.grpcServices(logger: logger)
    }

    /// Sends headers and frames of data on a new stream, and waits for the answer.
    ///
    /// - Parameter ends: false for a client that does not say that it has sent everything.
    func send(_ headers: HPACKHeaders, _ frames: [[UInt8]], ends: Bool = true) async throws -> GRPCAnswer {
        let channel = NIOAsyncTestingChannel()
        try await channel.testingEventLoop.executeInContext {
            try channel.pipeline.syncOperations.addHandler(GRPCStreamHandler(services))
        }
        let head = HTTP2Frame.FramePayload.Headers(headers: headers, endStream: ends && frames.isEmpty)
        try await channel.writeInbound(HTTP2Frame.FramePayload.headers(head))
        for (index, frame) in frames.enumerated() {
            let data = IOData.byteBuffer(ByteBuffer(bytes: frame))
            let isLast = ends && index == frames.count - 1
            try await channel.writeInbound(HTTP2Frame.FramePayload.data(.init(data: data, endStream: isLast)))
        }
        let answer = try await answer(on: channel, hasEnded: ends)
        _ = try await channel.finish(acceptAlreadyClosed: true)
        return answer
    }

    private func answer(on channel: NIOAsyncTestingChannel, hasEnded: Bool) async throws -> GRPCAnswer {
        var answer = GRPCAnswer()
        while true {
            switch try await channel.waitForOutboundWrite(as: HTTP2Frame.FramePayload.self) {
            case .headers(let frame):
                answer.headers.append(frame.headers)
                guard frame.endStream else { continue }
                if !hasEnded, case .rstStream = try await channel.waitForOutboundWrite(as: HTTP2Frame.FramePayload.self)
                {
                    answer.wasReset = true
                }
                return answer
            case .data(let frame):
                if case .byteBuffer(let bytes) = frame.data { answer.body += bytes.readableBytesView }
            default: continue
            }
        }
    }

    /// Calls a method with a message, in one frame.
    func call(
        _ path: String,
        _ message: [UInt8],
        flag: UInt8 = 0,
        _ extra: HPACKHeaders = [:]
    ) async throws -> GRPCAnswer {
        try await send(Self.headers(path, extra), [Self.frame(message, flag: flag)])
    }

    /// Sends a message to OpenTelemetry's service.
    func call(_ message: [UInt8], flag: UInt8 = 0, _ extra: HPACKHeaders = [:]) async throws -> GRPCAnswer {
        try await call(Self.export, message, flag: flag, extra)
    }

    static func headers(_ path: String = export, _ extra: HPACKHeaders = [:]) -> HPACKHeaders {
        var headers: HPACKHeaders = [":method": "POST", ":scheme": "http", ":path": path, "te": "trailers"]
        if !extra.contains(name: "content-type") { headers.add(name: "content-type", value: "application/grpc") }
        headers.add(contentsOf: extra)
        return headers
    }

    static func frame(_ message: [UInt8], flag: UInt8 = 0) -> [UInt8] {
        [flag] + (0..<4).map { UInt8(truncatingIfNeeded: message.count >> (24 - 8 * $0)) } + message
    }

    func count(_ name: String) -> Int { subject.count(name, transport: "grpc") }
}
