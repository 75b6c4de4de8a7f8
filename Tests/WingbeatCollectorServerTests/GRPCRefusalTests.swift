// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHPACK
import Testing
import WingbeatCollector
import WingbeatCompression
import WingbeatModel

@testable import WingbeatCollectorServer

@Suite("Calls over gRPC that cannot be answered", .timeLimit(.minutes(1)))
struct GRPCRefusalTests {
    @Test(
        "each mistake has its status and a sentence",
        arguments: [
            ([0, 0, 0, 0, 2, 0x0A, 0x7F], "3", "Truncated: length 127 > bytes available 0"),
            ([], "3", "expected a message of 5 bytes and more, got 0"),
            ([0, 0, 0], "3", "expected a message of 5 bytes and more, got 3"),
            ([0, 0, 0, 0, 9, 1], "3", "the message ends after 1 of 9 bytes"),
            ([2, 0, 0, 0, 0], "3", "expected 0 or 1 as the first byte of a message"),
            ([1, 0, 0, 0, 0], "13", "the message is compressed, but grpc-encoding does not say how"),
            ([0, 0, 0, 0, 0, 0], "12", "expected one message, but more bytes follow the one of 0"),
            ([0, 0xFF, 0xFF, 0xFF, 0xFF], "8", "The message is larger than 10485760 bytes"),
        ] as [([UInt8], String, String)]
    )
    func mistakes(frame: [UInt8], status: String, message: String) async throws {
        let subject = GRPCUnderTest()
        let answer = try await subject.send(GRPCUnderTest.headers(), [frame])
        #expect(answer.headers.count == 1)
        #expect(answer.field(":status") == "200")
        #expect(answer.status == status)
        #expect(answer.message == message)
        #expect(answer.field("grpc-status-details-bin") == nil)
        #expect(answer.body.isEmpty)
        #expect(subject.count("messages") == 1)
        #expect(subject.count("messages_dropped") == 1)
        #expect(subject.subject.store.spans.isEmpty)
    }

    @Test("a call without any data is told that its message is missing")
    func noData() async throws {
        #expect(try await GRPCUnderTest().send(GRPCUnderTest.headers(), []).status == "3")
    }

    @Test("what is too large is refused before it has come, and asked to stop")
    func early() async throws {
        let subject = GRPCUnderTest { $0.maximumBodyBytes = 1000 }
        let answer = try await subject.send(GRPCUnderTest.headers(), [[0, 0, 0, 4, 0]], ends: false)
        #expect(answer.status == "8")
        #expect(answer.message == "The message is larger than 1000 bytes")
        #expect(answer.wasReset)
    }

    @Test("what inflates to too much is refused, and is not worth another try")
    func bomb() async throws {
        let subject = GRPCUnderTest { $0.maximumInflatedBytes = 1000 }
        let bytes = try Gzip.compress([UInt8](repeating: 0, count: 2000))
        let answer = try await subject.call(bytes, flag: 1, ["grpc-encoding": "gzip"])
        #expect(answer.status == "8")
        #expect(answer.message == "The body inflates to more than 1000 bytes")
        #expect(answer.field("grpc-status-details-bin") == nil)
    }

    @Test("what is compressed badly is malformed", arguments: ["gzip", "deflate"])
    func damaged(encoding: String) async throws {
        let answer = try await GRPCUnderTest().call([1, 2, 3], flag: 1, ["grpc-encoding": encoding])
        #expect(answer.status == "3")
    }

    @Test("an encoding that is not known is refused with those that are")
    func encoding() async throws {
        let answer = try await GRPCUnderTest().call([], ["grpc-encoding": "zstd"])
        #expect(answer.status == "12")
        #expect(answer.field("grpc-accept-encoding") == "identity,gzip,deflate")
    }

    @Test(
        "a method that is not there is unimplemented",
        arguments: ["/", "/a/b", "", "/zipkin.proto3.SpanService/report"]
    )
    func path(path: String) async throws {
        let answer = try await GRPCUnderTest().call(path, [])
        #expect(answer.status == "12")
        #expect(answer.message == "there is no method \(path)")
    }

    @Test(
        "content types",
        arguments: [
            ("application/grpc", "0"), ("application/grpc+proto", "0"), ("APPLICATION/GRPC;charset=x", "0"),
            ("application/grpc+json", "12"), ("application/grpcx", "12"), ("application/json", nil), ("", nil),
        ] as [(String, String?)]
    )
    func contentType(type: String, status: String?) async throws {
        let answer = try await GRPCUnderTest().call([], ["content-type": type])
        #expect(answer.status == status)
        #expect(answer.field(":status") == (status == nil ? "415" : status == "0" ? nil : "200"))
    }

    @Test("what is no POST is no gRPC")
    func get() async throws {
        let headers: HPACKHeaders = [":method": "GET", ":path": "/", "content-type": "application/grpc"]
        #expect(try await GRPCUnderTest().send(headers, []).field(":status") == "415")
    }

    @Test("a store that is full asks to try again in a second")
    func busy() async throws {
        let subject = GRPCUnderTest(FakeSpanStore(failure: SpanStoreError.busy))
        let answer = try await subject.call(GRPCUnderTest.one)
        #expect(answer.status == "14")
        #expect(answer.message == "too many spans wait to be stored; try again later")
        // google.rpc.Status with a RetryInfo of one second, as `protoc --encode` writes it.
        #expect(
            answer.field("grpc-status-details-bin")
                == "CA4SMXRvbyBtYW55IHNwYW5zIHdhaXQgdG8gYmUgc3RvcmVkOyB0cnkgYWdhaW4gbGF0ZXIaMAoodHlwZS5nb29nbGVhcGlzLmNvbS9"
                + "nb29nbGUucnBjLlJldHJ5SW5mbxIECgIIAQ=="
        )
    }

    @Test("a store that is broken is unavailable; its words are percent-encoded")
    func broken() async throws {
        let subject = GRPCUnderTest(FakeSpanStore(failure: SpanStoreError.unavailable("100 % é\n")))
        let answer = try await subject.call(GRPCUnderTest.one)
        #expect(answer.status == "14")
        #expect(answer.message == "100 %25 %C3%A9%0A")
        #expect(answer.field("grpc-status-details-bin") == nil)
        #expect(subject.count("messages_dropped") == 1)
    }

    @Test("when too many bytes are held already, the client is asked to try again")
    func budget() async throws {
        let subject = GRPCUnderTest { $0.maximumBodyBytesInFlight = 4 }
        let answer = try await subject.call([])
        #expect(answer.status == "14")
        #expect(answer.message == "too many bytes wait to be read; try again later")
        #expect(answer.field("grpc-status-details-bin") != nil)
        #expect(subject.count("messages_dropped") == 1)
    }

    @Test("what a call held is given back")
    func givenBack() async throws {
        let subject = GRPCUnderTest { $0.maximumBodyBytesInFlight = 8 }
        for _ in 0..<5 { #expect(try await subject.call([]).status == "0") }
        #expect(subject.subject.server.budget.bytes == 0)
    }

    @Test("a store that takes longer than the client waits is not waited for")
    func deadline() async throws {
        let subject = GRPCUnderTest(FakeSpanStore(delay: .seconds(3600)))
        let answer = try await subject.call(GRPCUnderTest.one, ["grpc-timeout": "0m"])
        #expect(answer.status == "4")
    }

    @Test(
        "timeouts",
        arguments: [
            ("1H", .hours(1)), ("2M", .minutes(2)), ("3S", .seconds(3)), ("4m", .milliseconds(4)),
            ("5u", .microseconds(5)), ("99999999n", .nanoseconds(99_999_999)), ("99999999H", nil),
        ] as [(String, TimeAmount?)]
    )
    func timeouts(text: String, expected: TimeAmount?) throws {
        #expect(try GRPCCall(GRPCUnderTest.headers("/", ["grpc-timeout": text])).timeout == expected)
    }

    @Test("timeouts that are none", arguments: ["", "1", "S", "123456789S", "-1S", "1.5S", "1s", "+1S", "1 S"])
    func noTimeouts(text: String) async throws {
        let answer = try await GRPCUnderTest().call([], ["grpc-timeout": text])
        #expect(answer.status == "3")
    }
}
