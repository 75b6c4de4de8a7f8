// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing
import WingbeatCollectorSQLite
import WingbeatCollectorServer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite("The collector with its real store", .timeLimit(.minutes(2)))
struct WholeCollectorTests {
    private func inFolder(_ body: (String) async throws -> Void) async throws {
        var template = Array("/tmp/wingbeat-tests-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        let folder = try #require(made)
        defer {
            for name in ["spans.sqlite", "spans.sqlite-wal", "spans.sqlite-shm", "lock"] { unlink("\(folder)/\(name)") }
            rmdir(folder)
        }
        try await body(folder)
    }

    private let post = """
        [{"traceId":"000000000000000a","id":"000000000000000b","kind":"CLIENT","name":"get",\
        "timestamp":1700000000000000,"duration":350,"localEndpoint":{"serviceName":"web"},\
        "remoteEndpoint":{"serviceName":"db"},"tags":{"error":""}}]
        """

    @Test("what was posted is found by the next query, over a real connection")
    func postAndFind() async throws {
        try await inFolder { folder in
            let store = try SQLiteSpanStore(directory: folder)
            let application = Application(
                router: CollectorServer(store: store).router(),
                configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0))
            )
            try await application.test(.live) { client in
                func get(_ path: String) async throws -> String {
                    try await client.execute(uri: path, method: .get) { String(buffer: $0.body) }
                }
                #expect(try await get("/api/v2/services") == "[]")
                let status = try await client.execute(
                    uri: "/api/v2/spans",
                    method: .post,
                    body: ByteBuffer(string: post)
                ) { $0.status }
                #expect(status == .accepted)
                #expect(try await get("/api/v2/services") == #"["web"]"#)
                #expect(try await get("/api/v2/spans?serviceName=WEB") == #"["get"]"#)
                #expect(try await get("/api/v2/remoteServices?serviceName=web") == #"["db"]"#)
                #expect(try await get("/api/v2/trace/a") == post)
                #expect(try await get("/api/v2/traces?serviceName=web&endTs=1700000000000") == "[\(post)]")
                #expect(
                    try await get("/api/v2/traces?endTs=9223372036854775807&lookback=9223372036854775807")
                        == "[\(post)]"
                )
                #expect(try await get("/api/v2/traces?annotationQuery=error&endTs=1700000000001") == "[\(post)]")
                #expect(try await get("/api/v2/traces?annotationQuery=other&endTs=1700000000001") == "[]")
                #expect(
                    try await get("/api/v2/dependencies?endTs=1700000000001")
                        == #"[{"parent":"web","child":"db","callCount":1,"errorCount":1}]"#
                )
                #expect(try await get("/health").contains(#""status" : "UP""#))
            }
            await store.close()
        }
    }
}
