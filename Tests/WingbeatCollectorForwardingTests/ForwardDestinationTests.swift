// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollectorForwarding

@Suite("Where spans are forwarded to")
struct ForwardDestinationTests {
    @Test(
        "The path says the format",
        arguments: [
            ("http://central:9411", "http://central:9411/v1/traces", .otlp),
            ("http://central:9411/", "http://central:9411/v1/traces", .otlp),
            ("https://[2001:db8::1]", "https://[2001:db8::1]/v1/traces", .otlp),
            ("https://otlp.example/tenant/v1/traces", "https://otlp.example/tenant/v1/traces", .otlp),
            ("http://zipkin:9411/api/v2/spans", "http://zipkin:9411/api/v2/spans", .zipkin),
            ("http://zipkin/zipkin/api/v2/spans", "http://zipkin/zipkin/api/v2/spans", .zipkin),
        ] as [(String, String, ForwardDestination.Format)]
    )
    func read(_ text: String, _ url: String, _ format: ForwardDestination.Format) throws {
        let destination = try ForwardDestination(text)
        #expect(destination.url == url)
        #expect(destination.format == format)
    }

    @Test(
        "Anything else is refused",
        arguments: [
            ("central:9411", "central:9411 is no URL that begins with http:// or https://"),
            ("ftp://central", "ftp://central is no URL that begins with http:// or https://"),
            ("http://", "http:// names no host"),
            ("http:///v1/traces", "http:///v1/traces names no host"),
            ("http://a/v2/traces", "http://a/v2/traces ends with neither /v1/traces nor /api/v2/spans"),
            ("http://a/v1/traces?x=1", "http://a/v1/traces?x=1 has more than a host, a port and a path"),
            ("http://me:secret@a", "http://me:secret@a has more than a host, a port and a path"),
        ]
    )
    func refused(_ text: String, _ reason: String) {
        do throws(ForwardDestination.Invalid) {
            _ = try ForwardDestination(text)
            Issue.record("\(text) was taken")
        } catch {
            #expect(error.description == reason)
        }
    }
}
