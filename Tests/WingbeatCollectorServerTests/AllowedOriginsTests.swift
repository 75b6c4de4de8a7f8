// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import Testing
import WingbeatCollectorServer

@Suite("Which web sites may use the APIs", .serialized)
struct AllowedOriginsTests {
    private static let site = "https://tools.example"

    private func get(_ allowed: [String], from origin: String? = site) async throws -> TestResponse {
        let subject = MemoryServer { $0.allowedOrigins = AllowedOrigins(allowed) }
        return try await subject.get("/api/v2/services", headers: origin.map { [.origin: $0] } ?? [:])
    }

    private func preflight(_ allowed: [String], from origin: String = site) async throws -> TestResponse {
        let subject = MemoryServer { $0.allowedOrigins = AllowedOrigins(allowed) }
        let headers: HTTPFields = [
            .origin: origin, .accessControlRequestMethod: "POST", .accessControlRequestHeaders: "content-type",
        ]
        return try await subject.send(.options, "/api/v2/spans", headers: headers)
    }

    @Test("by default no site may read, and every client that is no site is answered")
    func none() async throws {
        let response = try await get([])
        #expect(response.status == .ok)
        #expect(response.text == "[]")
        #expect(response.headers[.accessControlAllowOrigin] == nil)
        let preflight = try await preflight([])
        #expect(preflight.status == .forbidden)
        #expect(preflight.headers[.accessControlAllowOrigin] == nil)
    }

    @Test("with a star any site may, without credentials")
    func any() async throws {
        for response in [try await get(["*"]), try await preflight(["*"])] {
            #expect(response.status == .ok)
            #expect(response.headers[.accessControlAllowOrigin] == "*")
            #expect(response.headers[.vary] == nil)
            #expect(response.headers[.accessControlAllowCredentials] == nil)
        }
    }

    @Test("a site that is named may, and is named in the answer; others are not")
    func named() async throws {
        let response = try await get(["https://other.example", Self.site])
        #expect(response.headers[.accessControlAllowOrigin] == Self.site)
        #expect(response.headers[.vary] == "origin")
        #expect(try await get([Self.site], from: "https://evil.example").headers[.accessControlAllowOrigin] == nil)
        #expect(try await get([Self.site], from: Self.site + ".evil").headers[.accessControlAllowOrigin] == nil)
        #expect(try await get([Self.site], from: nil).headers[.accessControlAllowOrigin] == nil)
        #expect(try await preflight([Self.site], from: "https://evil.example").status == .forbidden)
    }

    @Test("a site that may is told the methods and the headers")
    func preflight() async throws {
        let response = try await preflight([Self.site])
        #expect(response.status == .ok)
        #expect(response.headers[.accessControlAllowOrigin] == Self.site)
        #expect(response.headers[.accessControlAllowMethods] == "GET,POST")
        #expect(response.headers[.accessControlAllowHeaders] == "content-type,X-GRPC-WEB")
    }

    @Test("errors, too, can be read by a site that may")
    func errors() async throws {
        let subject = MemoryServer { $0.allowedOrigins = AllowedOrigins(["*"]) }
        let response = try await subject.get("/api/v2/trace/x", headers: [.origin: Self.site])
        #expect(response.status == .badRequest)
        #expect(response.headers[.accessControlAllowOrigin] == "*")
    }
}
