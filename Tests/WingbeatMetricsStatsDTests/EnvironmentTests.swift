// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel

@testable import WingbeatMetricsStatsD

@Suite("Datadog's environment variables")
struct EnvironmentTests {
    @Test func `nothing set is DogStatsD on this machine`() {
        let configuration = StatsDConfiguration(environment: ["DD_ENV": "", "DD_DOGSTATSD_URL": ""])
        #expect(configuration.dialect == .dogStatsD)
        #expect(configuration.address == .udp(host: "127.0.0.1", port: 8125))
        #expect(configuration.globalTags.isEmpty)
        #expect(configuration.ignoredVariables.isEmpty)
    }

    @Test(
        arguments: [
            ("udp://agent:9125", DatagramAddress.udp(host: "agent", port: 9125)),
            ("udp://agent", .udp(host: "agent", port: 8125)),
            ("udp://[::1]:9125", .udp(host: "::1", port: 9125)),
            ("udp://[::1]", .udp(host: "::1", port: 8125)),
            ("unix:///run/dsd.socket", .unix(path: "/run/dsd.socket")),
            ("unixgram:///run/dsd.socket", .unix(path: "/run/dsd.socket")),
        ]
    )
    func `the URL goes before host and port`(url: String, expected: DatagramAddress) {
        let environment = ["DD_DOGSTATSD_URL": url, "DD_AGENT_HOST": "other", "DD_DOGSTATSD_PORT": "1"]
        #expect(StatsDConfiguration(environment: environment).address == expected)
    }

    @Test func `host and port`() {
        let configuration = StatsDConfiguration(environment: ["DD_AGENT_HOST": "agent", "DD_DOGSTATSD_PORT": "9125"])
        #expect(configuration.address == .udp(host: "agent", port: 9125))
    }

    @Test(arguments: [
        "agent:8125", "unix://", "unixstream:///run/s", "udp://", "udp://agent:x", "udp://[::1", "udp://:8125",
    ])
    func `a URL that is not understood changes nothing and is named`(url: String) {
        let configuration = StatsDConfiguration(environment: ["DD_DOGSTATSD_URL": url, "DD_AGENT_HOST": "agent"])
        #expect(configuration.address == .udp(host: "agent", port: 8125))
        #expect(configuration.ignoredVariables.count == 1)
        #expect(configuration.ignoredVariables.first?.contains("'\(url)'") == true)
    }

    @Test func `a port that is none changes nothing and is named`() {
        let configuration = StatsDConfiguration(environment: ["DD_DOGSTATSD_PORT": "70000"])
        #expect(configuration.address == .udp(host: "127.0.0.1", port: 8125))
        #expect(configuration.ignoredVariables == ["DD_DOGSTATSD_PORT is ignored: '70000' is not a port"])
    }

    @Test func `env, service and version are global tags, in the order of Datadog's clients`() {
        let environment = ["DD_VERSION": "1.2", "DD_SERVICE": "shop", "DD_ENV": "prod", "DD_ENTITY_ID": "pod-7"]
        #expect(
            StatsDConfiguration(environment: environment).globalTags == [
                Label("dd.internal.entity_id", "pod-7"), Label("env", "prod"), Label("service", "shop"),
                Label("version", "1.2"),
            ]
        )
    }
}
