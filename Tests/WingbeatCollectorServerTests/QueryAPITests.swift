// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WingbeatCollector
import WingbeatCollectorServer
import WingbeatModel
import WingbeatSpanCodecs

@Suite("Queries to the collector", .serialized)
struct QueryAPITests {
    static let prefixes = ["/api/v2", "/zipkin/api/v2"]

    @Test("an empty collector answers with empty lists, under both prefixes", arguments: prefixes)
    func empty(prefix: String) async throws {
        let subject = ServerUnderTest()
        for path in [
            "services", "spans?serviceName=a", "remoteServices?serviceName=a", "traces", "dependencies?endTs=1",
        ] {
            let response = try await subject.get("\(prefix)/\(path)")
            #expect(response.status == .ok, "\(path)")
            #expect(response.text == "[]", "\(path)")
            #expect(response.headers[.contentType] == "application/json", "\(path)")
        }
    }

    @Test("a trace is the encoder's bytes, by its id, shortened or with white space around it")
    func trace() async throws {
        let subject = ServerUnderTest()
        _ = try await subject.post(postOfTwo)
        for id in ["000000000000000a", "a", "0000000000000000000000000000000a", "a%20", "%20a%09"] {
            let response = try await subject.get("/api/v2/trace/\(id)")
            #expect(response.status == .ok)
            #expect(Array(response.body.readableBytesView) == ZipkinJSONEncoder.encode(subject.store.spans))
            #expect(response.headers[.contentType] == "application/json")
        }
        #expect(try await subject.get("/zipkin/api/v2/trace/a").text == postOfTwo)
    }

    @Test(
        "an id that nobody has, or that is none, is refused in Zipkin's words",
        arguments: [
            ("1", 404, "0000000000000001 not found"),
            ("463ac35c9f6413ad48485a3953bb6124", 404, "463ac35c9f6413ad48485a3953bb6124 not found"),
            ("%20", 400, "traceId is empty"), ("0", 400, "traceId is all zeros"),
            ("463ac35c9f6413ad48485a3953bb61240", 400, "traceId.length > 32"),
            ("A", 400, "A should be lower-hex encoded with no prefix"),
            ("0x1", 400, "0x1 should be lower-hex encoded with no prefix"),
            ("%3Cscript%3E", 400, "<script> should be lower-hex encoded with no prefix"),
        ]
    )
    func traceErrors(id: String, status: Int, text: String) async throws {
        let response = try await ServerUnderTest().get("/api/v2/trace/\(id)")
        #expect(response.status.code == status)
        #expect(response.text == text)
        #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
        #expect(response.headers[.xContentTypeOptions] == "nosniff")
    }

    @Test(
        "a parameter that is missing or makes no sense is named",
        arguments: [
            ("spans", "serviceName is required"), ("spans?serviceName=", "serviceName is required"),
            ("remoteServices", "serviceName is required"), ("dependencies", "endTs is required"),
            ("dependencies?endTs=0", "endTs <= 0"), ("dependencies?endTs=1&lookback=-1", "lookback <= 0"),
            ("dependencies?endTs=soon", "endTs=soon is not a whole number"),
            ("traces?endTs=0", "endTs <= 0"), ("traces?lookback=0", "lookback <= 0"), ("traces?limit=0", "limit <= 0"),
            ("traces?limit=-7", "limit <= 0"), ("traces?limit=1.5", "limit=1.5 is not a whole number"),
            ("traces?endTs=99999999999999999999", "endTs=99999999999999999999 is not a whole number"),
            ("traces?minDuration=0", "minDuration <= 0"),
            ("traces?minDuration=5&maxDuration=4", "maxDuration < minDuration"),
            ("traces?maxDuration=4", "maxDuration is only valid with minDuration"),
            ("traces?minDuration=1s", "minDuration=1s is not a whole number"),
            ("traces?serviceName=%zz", "serviceName=%zz is not percent-encoded UTF-8"),
            ("traces?serviceName=a%4", "serviceName=a%4 is not percent-encoded UTF-8"),
            ("traces?serviceName=%", "serviceName=% is not percent-encoded UTF-8"),
            ("traces?serviceName=%ff", "serviceName=%ff is not percent-encoded UTF-8"),
            ("traces?%ff=a", "%ff=a is not percent-encoded UTF-8"),
        ]
    )
    func parameters(path: String, text: String) async throws {
        let subject = ServerUnderTest()
        let response = try await subject.get("/api/v2/\(path)")
        #expect(response.status == .badRequest)
        #expect(response.text == text)
        #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
        #expect(subject.store.query == nil)
    }

    @Test("all parameters of a search arrive, with plus signs and %20 as spaces")
    func search() async throws {
        let subject = ServerUnderTest()
        let query =
            "serviceName=Fr%C3%B6nt%20End&remoteServiceName=back+end&spanName=GET+%2Forders%2B1"
            + "&annotationQuery=error+and%20http.path%3D%2Fpay%3Fa%3Db&minDuration=5&maxDuration=9"
            + "&endTs=1700000000000&lookback=1000&limit=7"
        #expect(try await subject.get("/api/v2/traces?\(query)").status == .ok)
        let expected = try TraceQuery(
            serviceName: "frönt end",
            remoteServiceName: "back end",
            spanName: "get /orders+1",
            annotationQuery: "error and http.path=/pay?a=b",
            minDuration: 5,
            maxDuration: 9,
            endTs: 1_700_000_000_000,
            lookback: 1000,
            limit: 7
        )
        #expect(subject.store.query == expected)
        #expect(expected.annotations == ["error": "", "http.path": "/pay?a=b"])
    }

    @Test("a search without parameters looks back a day from now for ten traces")
    func defaults() async throws {
        let subject = ServerUnderTest()
        #expect(try await subject.get("/api/v2/traces").status == .ok)
        let query = try #require(subject.store.query)
        #expect(query.limit == 10)
        #expect(query.window.upperBound - query.window.lowerBound == 86_400_000_000)
        #expect(query.window.upperBound > 1_760_000_000_000_000)
        let empty = "serviceName=&remoteServiceName=&spanName=&annotationQuery=&minDuration=&maxDuration=&endTs=&limit="
        #expect(try await subject.get("/api/v2/traces?\(empty)").status == .ok)
        #expect(subject.store.query?.limit == 10)
        #expect(subject.store.query?.serviceName == nil)
    }

    @Test("a search may not ask for more traces than the server gives, but is not refused for it")
    func largestLimit() async throws {
        let subject = ServerUnderTest { $0.maximumTraces = 50 }
        #expect(try await subject.get("/api/v2/traces?limit=9223372036854775807").status == .ok)
        #expect(subject.store.query?.limit == 50)
        #expect(try await subject.get("/api/v2/traces?limit=50").status == .ok)
        #expect(subject.store.query?.limit == 50)
    }

    @Test("the largest times there are do no harm")
    func largestTimes() async throws {
        let subject = ServerUnderTest()
        let times = "endTs=9223372036854775807&lookback=9223372036854775807"
        #expect(try await subject.get("/api/v2/traces?\(times)").status == .ok)
        #expect(try await subject.get("/api/v2/dependencies?\(times)").status == .ok)
        #expect(subject.store.window?.lowerBound == 0)
    }

    @Test("found traces are a list of lists of spans")
    func traces() async throws {
        let subject = ServerUnderTest()
        _ = try await subject.post(postOfTwo)
        #expect(try await subject.get("/api/v2/traces").text == "[\(postOfTwo)]")
    }

    @Test("names are JSON, whatever is in them; services may be asked for in any language")
    func names() async throws {
        let subject = ServerUnderTest()
        let json =
            #"[{"traceId":"1","id":"1","name":"foo\tbar \"x\"","localEndpoint":{"serviceName":"小麦"},"#
            + #""remoteEndpoint":{"serviceName":"a\\b"}}]"#
        #expect(try await subject.post(json).status == .accepted)
        #expect(try await subject.get("/api/v2/services").text == #"["小麦"]"#)
        let service = "serviceName=%E5%B0%8F%E9%BA%A6"
        #expect(try await subject.get("/api/v2/spans?\(service)").text == #"["foo\tbar \"x\""]"#)
        #expect(try await subject.get("/api/v2/remoteServices?\(service)").text == #"["a\\b"]"#)
        #expect(try await subject.get("/zipkin/api/v2/spans?\(service)").text == #"["foo\tbar \"x\""]"#)
    }

    @Test("links leave out the number of errors where there are none, and cover a day by default")
    func dependencies() async throws {
        let subject = ServerUnderTest()
        _ = try await subject.post(postOfTwo)
        let response = try await subject.get("/api/v2/dependencies?endTs=1700000000000")
        #expect(
            response.text == #"[{"parent":"a","child":"b","callCount":3},"#
                + #"{"parent":"b","child":"c\"","callCount":2,"errorCount":1}]"#
        )
        #expect(subject.store.window == 1_699_913_600_000_000...1_700_000_000_000_000)
    }
}
