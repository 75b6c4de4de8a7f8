// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel

@testable import WingbeatMetricsPrometheusHTTP

@Suite("The URL of a group in a Pushgateway")
struct PushgatewayURLTests {
    @Test("is the job alone where there are no labels", arguments: ["http://host:9091", "http://host:9091/"])
    func jobOnly(gateway: String) {
        #expect(pushgatewayURL(gateway, job: "backup", grouping: .empty) == "http://host:9091/metrics/job/backup")
    }

    @Test(
        "has values that do not stand in a URL in base 64",
        arguments: [
            ("db1", "instance/db1"), ("a-b_c.d~e", "instance/a-b_c.d~e"), ("/var/tmp", "instance@base64/L3Zhci90bXA"),
            ("", "instance@base64/="), (".", "instance@base64/Lg"), ("..", "instance@base64/Li4"),
            ("a b", "instance@base64/YSBi"), ("é", "instance@base64/w6k"), ("50%", "instance@base64/NTAl"),
            ("x?y#z", "instance@base64/eD95I3o"),
        ]
    )
    func values(value: String, expected: String) {
        let url = pushgatewayURL("http://host", job: "j/1", grouping: ["instance": value])
        #expect(url == "http://host/metrics/job@base64/ai8x/\(expected)")
    }

    @Test("has the labels by name, made valid, without another job")
    func labels() {
        let url = pushgatewayURL("http://host", job: "j", grouping: ["z.z": "1", "a": "2", "job": "3"])
        #expect(url == "http://host/metrics/job/j/a/2/z_z/1")
    }
}
