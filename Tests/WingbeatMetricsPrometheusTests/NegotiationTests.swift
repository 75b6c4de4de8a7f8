// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatMetrics
import WingbeatMetricsPrometheus

@Suite("The format of a scrape")
struct NegotiationTests {
    private let endpoint = PrometheusEndpoint(registry: quietRegistry())

    @Test(
        "is the text format where nothing else is asked for, or nothing that there is",
        arguments: [
            nil, "", ",", ";", "*/*", "text/*", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "text/plain", "text/plain;version=0.0.4", "text/plain; version=\"0.0.4\"; charset=utf-8",
            "application/json",
            "text/plain;version=1.0.0", "application/openmetrics-text;version=0.0.1",
            "application/openmetrics-text;q=0",
            "application/openmetrics-text;q=0.3,text/plain", "text/plain;q=0.2, application/*;q=0.1",
            "application/vnd.google.protobuf", "application/vnd.google.protobuf;proto=other;encoding=delimited",
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text",
            "text/plain;version=0.0.4;q=0.8,application/openmetrics-text;q=0.8", "*/*;q=0", "garbage;;q=x;=",
        ]
    )
    func text(accept: String?) {
        let answer = endpoint.respond(accept: accept, acceptEncoding: nil)
        #expect(answer.contentType == "text/plain; version=0.0.4; charset=utf-8")
        #expect(!answer.body.ends(with: "# EOF\n"))
    }

    @Test(
        "is OpenMetrics where that is asked for most",
        arguments: [
            // Prometheus 2.42.
            """
            application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
            text/plain;version=0.0.4;q=0.5,*/*;q=0.1
            """,
            // Prometheus 3.
            """
            application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
            application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,\
            text/plain;version=0.0.4;q=0.3,*/*;q=0.2
            """,
            "application/openmetrics-text", "Application/OpenMetrics-Text ; Version=1.0.0", "application/*",
            "application/openmetrics-text; version=1.0.0; charset=utf-8", "application/openmetrics-text;q=0.001",
            "text/plain;q=0.5, application/openmetrics-text;q=0.9", "text/plain;q=0,*/*",
            "application/openmetrics-text;version=1.0.0;q=1,application/openmetrics-text;q=0,text/plain;q=0.5",
        ]
    )
    func openMetrics(accept: String) {
        let answer = endpoint.respond(accept: accept, acceptEncoding: nil)
        #expect(answer.contentType == "application/openmetrics-text; version=1.0.0; charset=utf-8")
        #expect(answer.body.ends(with: "# EOF\n"))
    }

    @Test(
        "is protobuf where that is asked for most, with its message and encoding",
        arguments: [
            // Prometheus 2.42 with native histograms.
            """
            application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,\
            application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,\
            text/plain;version=0.0.4;q=0.5,*/*;q=0.1
            """,
            // Telegraf.
            """
            application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,\
            text/plain;version=0.0.4;q=0.3
            """,
            "application/vnd.google.protobuf; proto=\"io.prometheus.client.MetricFamily\"; encoding=\"delimited\"",
        ]
    )
    func protobuf(accept: String) {
        let answer = endpoint.respond(accept: accept, acceptEncoding: nil)
        #expect(
            answer.contentType
                == "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
        )
        #expect(!answer.body.contains(UInt8(ascii: "#")))
    }

    @Test("every format is compressed where that is accepted", arguments: ["", "application/openmetrics-text"])
    func compressed(accept: String) {
        let plain = endpoint.respond(accept: accept, acceptEncoding: nil)
        let compressed = endpoint.respond(accept: accept, acceptEncoding: "gzip")
        #expect(compressed.contentType == plain.contentType)
        #expect(compressed.contentEncoding == "gzip")
        #expect(compressed.body.count < plain.body.count)
    }
}

extension [UInt8] {
    fileprivate func ends(with text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
