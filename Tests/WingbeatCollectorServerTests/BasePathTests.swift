// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import HummingbirdTesting
import Logging
import Testing
import WingbeatCollectorServer

@Suite("A collector below a path")
struct BasePathTests {
    @Test(
        "a path is one of plain names",
        arguments: [
            ("", ""), ("/", ""), ("/traces", "/traces"), ("/traces/", "/traces"), ("/a/b-c_d.e~f", "/a/b-c_d.e~f"),
            ("//a//b", "/a/b"),
        ]
    )
    func paths(text: String, path: String) {
        #expect(BasePath(text)?.path == path)
    }

    @Test("others are refused", arguments: ["traces", "/a b", "/a?b", "/a#b", "/../b", "/.", "/%2e", "/ü", "/a\r\nb"])
    func refused(text: String) {
        #expect(BasePath(text) == nil)
    }

    private func get(_ uri: String, below path: String) async throws -> TestResponse {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let subject = ServerUnderTest()
        let base = try #require(BasePath(path))
        let responder = BasePathResponder(subject.server.router().buildResponder(), below: base)
        return try await Application(responder: responder, logger: logger).test(.router) { client in
            try await client.execute(uri: uri, method: .get)
        }
    }

    @Test("everything is there below the path and without it", arguments: ["/traces", "/tools/traces", "/zipkin"])
    func everything(path: String) async throws {
        for prefix in [path, ""] {
            for (uri, text) in [
                ("/", "<!doctype html>"), ("/ui/app.js", "//"), ("/api/v2/services", "["), ("/health", "{"),
                ("/zipkin/api/v2/services", "["), ("/config.json", "{"), ("/zipkin/config.json", "{"), ("/?x=1", "<!"),
                ("/api/search?q=a", #"{"end":"#),
            ] {
                let response = try await get(prefix + uri, below: path)
                #expect(response.status == .ok, "\(prefix + uri)")
                #expect(response.text.hasPrefix(text), "\(prefix + uri)")
            }
        }
        #expect(try await get(path + "x/", below: path).status == .notFound)
        #expect(try await get("/other/", below: path).status == .notFound)
    }

    @Test(
        "the path itself leads to the page, relative to where it is shown; so do Zipkin's links",
        arguments: [
            ("/tools/traces", "traces/"), ("/tools/traces?a=b", "traces/?a=b"), ("/tools/traces/zipkin", "./"),
            ("/tools/traces/zipkin/", "../"), ("/tools/traces/zipkin/dependency", "../#/dependencies"),
            ("/tools/traces/zipkin/traces/a", "../../#/trace/000000000000000a"),
            ("/tools/traces/traces/a", "../#/trace/000000000000000a"), ("/tools/traces/dependency", "./#/dependencies"),
        ]
    )
    func redirects(uri: String, location: String) async throws {
        let response = try await get(uri, below: "/tools/traces")
        #expect(response.status == .found)
        #expect(response.headers[.location] == location)
    }
}
