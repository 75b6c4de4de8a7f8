// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WingbeatCollector
import WingbeatMetrics

@Suite("When the store fails, clients are told what to do, and the counters tell what was lost")
struct FailingStoreTests {
    private struct Unexpected: Error {}

    @Test("a store that is full for the moment: try again after a second")
    func busy() async throws {
        let subject = ServerUnderTest(FakeSpanStore(failure: SpanStoreError.busy))
        let response = try await subject.post(postOfTwo)
        #expect(response.status == .tooManyRequests)
        #expect(response.headers[.retryAfter] == "1")
        #expect(response.text == "too many spans wait to be stored; try again later")
        #expect(subject.count("spans") == 2)
        #expect(subject.count("spans_dropped") == 2)
        #expect(subject.count("messages_dropped") == 1)
    }

    @Test("a store that cannot be used: not now, and why")
    func unavailable() async throws {
        let subject = ServerUnderTest(FakeSpanStore(failure: SpanStoreError.unavailable("the disk is full")))
        let response = try await subject.post(postOfTwo)
        #expect(response.status == .serviceUnavailable)
        #expect(response.text == "the disk is full")
        #expect(subject.count("spans_dropped") == 2)
    }

    @Test(
        "a query that takes too long, or that the store cannot answer, is said in a sentence",
        arguments: [
            "/api/v2/services", "/api/v2/spans?serviceName=a", "/api/v2/remoteServices?serviceName=a",
            "/api/v2/traces", "/api/v2/trace/1", "/api/v2/dependencies?endTs=1",
        ]
    )
    func queries(path: String) async throws {
        let slow = try await ServerUnderTest(FakeSpanStore(failure: SpanStoreError.timeout)).get(path)
        #expect(slow.status == .serviceUnavailable)
        #expect(slow.text == "the query took longer than it may; narrow it down")
        #expect(slow.headers[.contentType] == "text/plain; charset=utf-8")
        let broken = try await ServerUnderTest(FakeSpanStore(failure: Unexpected())).get(path)
        #expect(broken.status == .internalServerError)
        #expect(broken.text == "something went wrong; the collector's log says what")
    }

    @Test("spans = stored + dropped, whatever was posted")
    func law() async throws {
        let subject = ServerUnderTest()
        for body in ["", "[]", "nonsense", postOfTwo, postOfTwo, "[{}]"] { _ = try await subject.post(body) }
        #expect(subject.count("messages") == 6)
        #expect(subject.count("messages_dropped") == 2)
        #expect(subject.count("spans") == subject.store.spans.count + subject.count("spans_dropped"))
        #expect(subject.count("spans") == 4)
        let text = try await subject.get("/metrics").text
        #expect(text.contains("\nzipkin_collector_messages_total{transport=\"http\"} 6\n"))
        #expect(text.contains("\nzipkin_collector_messages_dropped_total{transport=\"http\"} 2\n"))
        #expect(text.contains("\nzipkin_collector_spans_total{transport=\"http\"} 4\n"))
        #expect(text.contains("\nzipkin_collector_spans_dropped_total{transport=\"http\"} 0\n"))
        let bytes = "[]nonsense\(postOfTwo)\(postOfTwo)[{}]".utf8.count
        #expect(text.contains("\nzipkin_collector_bytes_total{transport=\"http\"} \(bytes)\n"))
    }
}

@Suite("What an operator asks the collector")
struct OperationsTests {
    @Test("a healthy collector is up, in Zipkin's words", arguments: ["/health", "/actuator/health"])
    func up(path: String) async throws {
        let response = try await ServerUnderTest().get(path)
        #expect(response.status == .ok)
        #expect(
            response.text == """
                {
                  "status" : "UP",
                  "zipkin" : {
                    "status" : "UP",
                    "details" : {
                      "FakeSpanStore{}" : {
                        "status" : "UP"
                      }
                    }
                  }
                }
                """
        )
        #expect(response.headers[.contentType] == "application/json; charset=utf-8")
    }

    @Test("a collector whose store does not work is down, and says why in valid JSON")
    func down() async throws {
        let store = FakeSpanStore(failure: SpanStoreError.unavailable("no \"disk\"\n"))
        let response = try await ServerUnderTest(store).get("/health")
        #expect(response.status == .serviceUnavailable)
        #expect(
            response.text == """
                {
                  "status" : "DOWN",
                  "zipkin" : {
                    "status" : "DOWN",
                    "details" : {
                      "FakeSpanStore{}" : {
                        "status" : "DOWN",
                        "details" : {
                          "error" : "no \\"disk\\"\\n"
                        }
                      }
                    }
                  }
                }
                """
        )
        #expect(response.headers[.contentType] == "application/json; charset=utf-8")
    }

    @Test(
        "metrics are there from the first scrape, at zero",
        arguments: ["/metrics", "/prometheus", "/actuator/prometheus"]
    )
    func metrics(path: String) async throws {
        let response = try await ServerUnderTest().get(path)
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(response.headers[.contentEncoding] == nil)
        for name in ["messages", "messages_dropped", "bytes", "spans", "spans_dropped"] {
            #expect(response.text.contains("\nzipkin_collector_\(name)_total{transport=\"http\"} 0\n"))
        }
    }

    @Test("metrics come as OpenMetrics for who wants them so")
    func openMetrics() async throws {
        let response = try await ServerUnderTest().get("/metrics", headers: [.accept: "application/openmetrics-text"])
        #expect(response.headers[.contentType] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
        #expect(response.text.hasSuffix("\n# EOF\n"))
    }

    @Test("metrics are compressed for who wants them so")
    func compressed() async throws {
        let response = try await ServerUnderTest().get("/metrics", headers: [.acceptEncoding: "gzip"])
        #expect(response.headers[.contentEncoding] == "gzip")
        #expect(Array(response.body.readableBytesView.prefix(2)) == [0x1F, 0x8B])
    }
}
