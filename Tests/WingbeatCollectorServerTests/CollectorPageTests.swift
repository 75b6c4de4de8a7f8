// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@Suite("The collector's page")
struct CollectorPageTests {
    private let subject = ServerUnderTest()

    @Test("the page is HTML that may load nothing from elsewhere and is asked for anew each time")
    func page() async throws {
        let response = try await subject.get("/")
        #expect(response.status == .ok)
        #expect(response.text.hasPrefix("<!doctype html>"))
        #expect(response.headers[.contentType] == "text/html; charset=utf-8")
        #expect(response.headers[.cacheControl] == "no-cache")
        #expect(response.headers[.xContentTypeOptions] == "nosniff")
        let policy = try #require(response.headers[.contentSecurityPolicy])
        #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "))
        for part in ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"] {
            #expect(policy.contains(part))
        }
        #expect(!policy.contains("unsafe") && !policy.contains("\n"))
    }

    @Test(
        "its files have their types, and the same protection",
        arguments: [
            ("index.html", "text/html; charset=utf-8"), ("style.css", "text/css; charset=utf-8"),
            ("app.js", "text/javascript; charset=utf-8"), ("favicon.svg", "image/svg+xml"),
        ]
    )
    func files(name: String, type: String) async throws {
        let response = try await subject.get("/ui/\(name)")
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == type)
        #expect(response.headers[.contentSecurityPolicy] != nil)
        #expect(response.headers[.xContentTypeOptions] == "nosniff")
        #expect(response.headers[.eTag] != nil)
        #expect(response.body.readableBytes > 0)
    }

    @Test("whatever the page and its scripts refer to is there")
    func references() async throws {
        let page = try await subject.get("/").text
        let fromPage = page.matches(of: /(?:href|src)="ui\/([^"]+)"/).map { String($0.1) }
        #expect(fromPage.contains("app.js") && fromPage.contains("style.css"))
        var waiting = fromPage
        var seen: Set<String> = []
        while let name = waiting.popLast() {
            guard seen.insert(name).inserted else { continue }
            let response = try await subject.get("/ui/\(name)")
            #expect(response.status == .ok, "\(name)")
            guard name.hasSuffix(".js") else { continue }
            let folder = name.split(separator: "/").dropLast().map { "\($0)/" }.joined()
            let references = response.text.matches(of: /(?:from |import |import\()['"]\.\/([^'"]+)['"]/)
            waiting += references.map { "\(folder)\($0.1)" }
        }
        #expect(seen.count > 40)
    }

    @Test("a browser that has the file already is told so, without the file")
    func notModified() async throws {
        let first = try await subject.get("/")
        let tag = try #require(first.headers[.eTag])
        #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
        let again = try await subject.get("/", headers: [.ifNoneMatch: tag])
        #expect(again.status == .notModified)
        #expect(again.body.readableBytes == 0)
        #expect(again.headers[.eTag] == tag)
        let other = try await subject.get("/", headers: [.ifNoneMatch: "\"old\""])
        #expect(other.status == .ok)
        #expect(other.text == first.text)
        #expect(try await subject.get("/ui/index.html").headers[.eTag] == tag)
        #expect(try await subject.get("/ui/app.js").headers[.eTag] != tag)
    }

    @Test("HEAD answers like GET", arguments: ["/", "/ui/app.js", "/health", "/metrics", "/api/v2/services"])
    func head(path: String) async throws {
        let head = try await subject.send(.head, path)
        #expect(head.status == .ok)
        #expect(head.body.readableBytes == 0)
        #expect(head.headers[.contentType] == (try await subject.get(path)).headers[.contentType])
    }

    @Test("where Zipkin has its page, ours is beside it", arguments: [("/zipkin", "./"), ("/zipkin/", "../")])
    func zipkinPath(path: String, location: String) async throws {
        let response = try await subject.get(path)
        #expect(response.status == .found)
        #expect(response.headers[.location] == location)
    }

    @Test(
        "what is not there is said as plain text, however the path is written",
        arguments: [
            "/nothing", "/api", "/api/v2", "/api/v2/nothing", "/api/v1/spans", "/ui", "/ui/", "/ui/nothing.js",
            "/ui/../index.html", "/ui/%2e%2e%2fPackage.swift", "/ui/..%2f..%2fetc%2fpasswd", "//etc/passwd",
            "/<script>alert(1)</script>", "/%3Cscript%3Ealert(1)%3C/script%3E", "/\"'><img>", "/a%00b",
            "/ui/%3Cscript%3E", "/api/v2/trace", "/api/v2/trace/1/2",
        ]
    )
    func notFound(path: String) async throws {
        let response = try await subject.get(path)
        #expect(response.status == .notFound)
        #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
        #expect(response.headers[.xContentTypeOptions] == "nosniff")
        #expect(response.text.hasPrefix("there is n"))
        #expect(!response.text.contains("root:"))
    }

    @Test("a path is repeated as it came, and not at length")
    func longPath() async throws {
        #expect(try await subject.get("/<b>").text == "there is nothing at /<b>")
        let long = "/" + String(repeating: "a", count: 10_000)
        #expect(try await subject.get(long).text == "there is nothing at \(long.prefix(200))")
        #expect(try await subject.get("/ui\(long)").text == "there is no file \(long.dropFirst().prefix(100))")
    }

    @Test(
        "methods that a path does not have are refused",
        arguments: [HTTPRequest.Method.put, .delete, .patch, .trace]
    )
    func methods(method: HTTPRequest.Method) async throws {
        for path in ["/", "/api/v2/spans", "/api/v2/traces", "/health"] {
            let response = try await subject.send(method, path)
            #expect((400..<500).contains(response.status.code), "\(method) \(path)")
            #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
        }
    }
}
