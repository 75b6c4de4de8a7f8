// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing
import WingbeatHummingbird

@Suite("The route of the log's level")
struct LogLevelRouteTests {
    private let service: ObservedService
    private let wanted = "The body must be one of trace, debug, info, notice, warning, error, critical.\n"

    init() throws {
        var options = ObservationOptions()
        options.logLevelPath = "/loglevel"
        service = try ObservedService(options: options)
    }

    @Test("is not there unless it is asked for")
    func offByDefault() async throws {
        let service = try ObservedService()
        try await service.test { client in
            for method in [HTTPRequest.Method.get, .put] {
                try await client.execute(uri: "/loglevel", method: method, body: ByteBuffer(string: "trace")) {
                    #expect($0.status == .notFound)
                }
            }
        }
        #expect(service.telemetry.logPipeline.level == .info)
    }

    @Test("tells the level, and changes it for the loggers that exist", arguments: ["debug", "Debug\n", " TRACE\r\n"])
    func change(_ body: String) async throws {
        let name = body.lowercased().filter(\.isLetter)
        let (pipeline, logger) = (service.telemetry.logPipeline, service.telemetry.logger)
        try await service.test { client in
            try await client.execute(uri: "/loglevel", method: .get) { #expect(String(buffer: $0.body) == "info\n") }
            try await client.execute(uri: "/loglevel", method: .put, body: ByteBuffer(string: body)) {
                #expect($0.status == .ok)
                #expect(String(buffer: $0.body) == "\(name)\n")
            }
            try await client.execute(uri: "/loglevel", method: .get) { #expect(String(buffer: $0.body) == "\(name)\n") }
        }
        #expect(pipeline.level == Logger.Level(rawValue: name))
        #expect(logger.logLevel == pipeline.level)
    }

    @Test(
        "refuses what is no level, says what is one, and changes nothing",
        arguments: ["", "loud", "7", "de bug", "debug,info"]
    )
    func rubbish(_ body: String) async throws {
        let (pipeline, wanted) = (service.telemetry.logPipeline, wanted)
        try await service.test { client in
            try await client.execute(uri: "/loglevel", method: .put, body: ByteBuffer(string: body)) {
                #expect($0.status == .badRequest)
                #expect(String(buffer: $0.body) == wanted)
            }
        }
        #expect(pipeline.level == .info)
    }

    @Test("refuses long bodies, also those that begin with a level", arguments: [65, 1_000_000])
    func longBody(_ length: Int) async throws {
        let (pipeline, wanted) = (service.telemetry.logPipeline, wanted)
        let body = ByteBuffer(string: "debug" + String(repeating: " ", count: length - 5))
        try await service.test { client in
            try await client.execute(uri: "/loglevel", method: .put, body: body) {
                #expect($0.status == .badRequest)
                #expect(String(buffer: $0.body) == wanted)
            }
            try await client.execute(uri: "/loglevel", method: .get) { #expect(String(buffer: $0.body) == "info\n") }
        }
        #expect(pipeline.level == .info)
    }

    @Test("is not observed itself")
    func notObserved() async throws {
        try await service.test { client in
            try await client.execute(uri: "/loglevel", method: .get) { #expect($0.status == .ok) }
        }
        #expect(service.spans.spans.isEmpty)
        #expect(service.accessLines.isEmpty)
    }
}
