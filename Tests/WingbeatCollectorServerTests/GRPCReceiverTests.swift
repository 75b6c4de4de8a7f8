// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOHPACK
import TestSupport
import Testing
import WingbeatBytes
import WingbeatCollector
import WingbeatCompression
import WingbeatModel
import WingbeatSpanCodecs

@testable import WingbeatCollectorServer

/// A request with spans that have everything, and the spans in the order of the request.
private func export() throws -> (bytes: [UInt8], spans: [SpanRecord]) {
    var random = RandomSpans(seed: 7)
    let bytes = OTLPProtobufEncoder.encode((0..<20).map { _ in random.openTelemetry() })
    return (bytes, try OTLPProtobufDecoder.decode(bytes).spans)
}

@Suite("Spans sent over gRPC", .timeLimit(.minutes(1)))
struct GRPCReceiverTests {
    @Test("spans are stored as they were sent, and the answer is an empty message")
    func stored() async throws {
        let subject = GRPCUnderTest()
        let request = try export()
        let answer = try await subject.call(request.bytes)
        #expect(answer.headers.count == 2)
        #expect(answer.headers.first?.first(name: ":status") == "200")
        #expect(answer.headers.first?.first(name: "content-type") == "application/grpc")
        #expect(answer.body == [0, 0, 0, 0, 0])
        #expect(answer.headers.last == ["grpc-status": "0"])
        #expect(subject.subject.store.spans == request.spans)
        #expect(subject.count("messages") == 1)
        #expect(subject.count("bytes") == request.bytes.count)
        #expect(subject.count("spans") == 20)
        #expect(subject.count("messages_dropped") == 0)
        #expect(subject.subject.count("messages") == -1, "nothing is counted as HTTP, which is not there")
    }

    @Test("a message may come in frames of any size", arguments: [1, 3, 7])
    func pieces(size: Int) async throws {
        let subject = GRPCUnderTest()
        let request = try export()
        let bytes = GRPCUnderTest.frame(request.bytes)
        let pieces = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
        #expect(try await subject.send(GRPCUnderTest.headers(), pieces).status == "0")
        #expect(subject.subject.store.spans == request.spans)
    }

    @Test("spans that are none are said in a partial success")
    func partial() async throws {
        let subject = GRPCUnderTest()
        var bytes: [UInt8] = []
        bytes.append(field: 1) { $0.append(field: 2) { $0.append(field: 2) { $0.append(field: 5, text: "no ids") } } }
        let answer = try await subject.call(bytes)
        #expect(answer.status == "0")
        let response = try OTLPResponse(protobuf: Array(answer.body.dropFirst(5)))
        #expect(response.rejectedSpans == 1)
        #expect(response.errorMessage.hasPrefix("span 0: "))
        #expect(subject.count("spans") == 1)
        #expect(subject.count("spans_dropped") == 1)
    }

    @Test("Zipkin's service takes Zipkin's protocol buffers, also none")
    func zipkin() async throws {
        let subject = GRPCUnderTest()
        let spans = try ZipkinJSONDecoder.decode(Array(postOfTwo.utf8))
        let answer = try await subject.call(GRPCUnderTest.report, ZipkinProtobufEncoder.encode(spans))
        #expect(answer.status == "0")
        #expect(answer.body == [0, 0, 0, 0, 0])
        #expect(subject.subject.store.spans == spans)
        #expect(try await subject.call(GRPCUnderTest.report, []).status == "0")
        #expect(subject.subject.store.spans.count == 2)
    }

    @Test("Zipkin's service can be switched off")
    func zipkinOff() async throws {
        let subject = GRPCUnderTest { $0.acceptsZipkinOverGRPC = false }
        #expect(try await subject.call(GRPCUnderTest.report, []).status == "12")
        #expect(try await subject.call([]).status == "0")
    }

    @Test("compressed messages are inflated, and their inflated bytes are counted")
    func compressed() async throws {
        let subject = GRPCUnderTest()
        let request = try export()
        let gzip = try Gzip.compress(request.bytes)
        #expect(try await subject.call(gzip, flag: 1, ["grpc-encoding": "gzip"]).status == "0")
        #expect(subject.count("bytes") == request.bytes.count)
        // A stream of zlib's is gzip's deflate between two bytes and a checksum.
        let zlib: [UInt8] = [0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]
        #expect(try await subject.call(zlib, flag: 1, ["grpc-encoding": "deflate"]).status == "0")
        // The encoding is that of the messages that say they are compressed.
        #expect(try await subject.call(request.bytes, flag: 0, ["grpc-encoding": "gzip"]).status == "0")
        #expect(subject.subject.store.spans == request.spans + request.spans)
    }

    @Test("the health of the server and of its services can be asked")
    func health() async throws {
        var service: [UInt8] = []
        service.append(field: 1, text: "opentelemetry.proto.collector.trace.v1.TraceService")
        let well = GRPCUnderTest()
        for request in [[], service] {
            let answer = try await well.call(GRPCUnderTest.health, request)
            #expect(answer.body == [0, 0, 0, 0, 2, 0x08, 0x01])
            #expect(answer.status == "0")
        }
        let ill = GRPCUnderTest(FakeSpanStore(failure: SpanStoreError.unavailable("gone")))
        #expect(try await ill.call(GRPCUnderTest.health, []).body == [0, 0, 0, 0, 2, 0x08, 0x02])
        var unknown: [UInt8] = []
        unknown.append(field: 1, text: "nobody")
        #expect(try await well.call(GRPCUnderTest.health, unknown).status == "5")
    }
}
