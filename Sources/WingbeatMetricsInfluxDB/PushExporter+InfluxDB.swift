// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatDelivery
import WingbeatDeliveryHTTP
import WingbeatDeliverySockets
public import WingbeatMetrics
public import WingbeatMetricsPush

extension PushExporter {
    /// Writes the registry to InfluxDB.
    ///
    /// While InfluxDB is away points wait, with their times, in a bounded queue; when that is full newer ones are
    /// dropped and counted, and what they counted is lost. A point that is written twice, because an answer was lost,
    /// is one point for InfluxDB: the same series at the same time. Over UDP nothing is known of what arrives.
    ///
    /// - Parameters:
    ///   - configuration: where to and how often.
    ///   - registry: what is read.
    ///   - reportTrouble: called with a sentence for a person when delivery stops, goes on, or loses something.
    public static func influxDB(
        _ configuration: InfluxDBConfiguration,
        registry: MetricRegistry = .shared,
        reportTrouble: @escaping @Sendable (String) -> Void = { _ in }
    ) -> PushExporter {
        var push = Configuration()
        push.interval = configuration.interval
        push.wantsQuantiles = true
        push.delivery.queueCapacity = configuration.maximumQueuedBytes / max(configuration.maximumMessageSize, 1)
        return PushExporter(
            name: "influxdb",
            registry: registry,
            encoder: InfluxDBEncoder(configuration, registry: registry),
            sender: configuration.sender,
            configuration: push,
            reportTrouble: reportTrouble
        )
    }
}

extension InfluxDBEncoder {
    init(_ configuration: InfluxDBConfiguration, registry: MetricRegistry) {
        self.init(
            labels: configuration.labels,
            maximumMessageSize: configuration.maximumMessageSize,
            isCompressed: configuration.isCompressed && !configuration.isDatagram,
            registry: registry
        )
    }
}

extension InfluxDBConfiguration {
    var isDatagram: Bool {
        if case .udp = destination { true } else { false }
    }

    var sender: any ByteSender {
        switch destination {
        case .udp(let host, let port):
            return DatagramSender(.udp(host: host, port: port))
        case .v1(let url, let database, let retentionPolicy, let user, let password):
            var query = [("db", database), ("precision", "ns")]
            if let retentionPolicy { query.append(("rp", retentionPolicy)) }
            let credentials = user.map { "Basic " + base64("\($0):\(password ?? "")") }
            return httpSender(url, "/write", query, authorization: credentials)
        case .v2(let url, let organization, let bucket, let token):
            let query = [("org", organization), ("bucket", bucket), ("precision", "ns")]
            return httpSender(url, "/api/v2/write", query, authorization: "Token \(token)")
        }
    }

    private func httpSender(
        _ server: String,
        _ path: String,
        _ query: [(name: String, value: String)],
        authorization: String?
    ) -> HTTPSender {
        let parameters = query.map { "\($0.name)=\(percentEncoded($0.value))" }.joined(separator: "&")
        let base = server.hasSuffix("/") ? String(server.dropLast()) : server
        var http = HTTPSender.Configuration(
            url: "\(base)\(path)?\(parameters)",
            contentType: "text/plain; charset=utf-8"
        )
        http.timeout = timeout
        if let authorization { http.headers.append(("Authorization", authorization)) }
        if isCompressed { http.headers.append(("Content-Encoding", "gzip")) }
        return HTTPSender(http)
    }
}

private func base64(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.append(base64: Array(text.utf8))
    return String(decoding: bytes, as: UTF8.self)
}

private func percentEncoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.append(percentEncoded: text)
    return String(decoding: bytes, as: UTF8.self)
}
