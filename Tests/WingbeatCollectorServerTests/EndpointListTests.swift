// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import HTTPTypes
import Hummingbird
import Testing
import WingbeatCollectorServer

@Suite("The list of endpoints that hostile requests are sent to")
struct EndpointListTests {
    @Test("names every route")
    func complete() throws {
        let router = CollectorServer(store: FakeSpanStore()).router()
        let routes = Set(router.routes.filter { $0.method != .head }.map { "\($0.method) \($0.path)" })
        #expect(try Set(listed()) == routes)
    }

    private func listed() throws -> [String] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Integration/collector/endpoints.txt")
        let text = try String(contentsOf: file, encoding: .utf8)
        return text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }
}
