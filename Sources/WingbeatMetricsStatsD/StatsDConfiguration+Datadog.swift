// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatDeliverySockets
import WingbeatModel

extension StatsDConfiguration {
    /// DogStatsD with the settings that Datadog's own clients take from the environment.
    ///
    /// - `DD_DOGSTATSD_URL`: `udp://host:port`, `unix:///path` or `unixgram:///path`; without it `DD_AGENT_HOST` and
    ///   `DD_DOGSTATSD_PORT`.
    /// - `DD_ENTITY_ID`, `DD_ENV`, `DD_SERVICE` and `DD_VERSION`: the global tags `dd.internal.entity_id`, `env`,
    ///   `service` and `version`.
    ///
    /// A variable that is empty counts as not set. One that is not understood changes nothing and is named in
    /// ``ignoredVariables``, which the exporter reports.
    public init(environment: [String: String]) {
        self.init(dialect: .dogStatsD)
        let variables = environment.filter { !$0.value.isEmpty }
        globalTags = tagVariables.compactMap { name, tag in variables[name].map { Label(tag, $0) } }
        if let url = variables["DD_DOGSTATSD_URL"], let address = parsed(url: url) {
            self.address = address
        } else {
            let host = variables["DD_AGENT_HOST"] ?? "127.0.0.1"
            address = .udp(host: host, port: parsed(port: variables["DD_DOGSTATSD_PORT"]))
        }
    }

    private mutating func parsed(port text: String?) -> Int {
        guard let text else { return Self.defaultPort }
        if let port = UInt16(text) { return Int(port) }
        ignoredVariables.append("DD_DOGSTATSD_PORT is ignored: '\(text)' is not a port")
        return Self.defaultPort
    }

    private mutating func parsed(url: String) -> DatagramAddress? {
        if let address = DatagramAddress(url: url) { return address }
        ignoredVariables.append(
            "DD_DOGSTATSD_URL is ignored: '\(url)' is not udp://host:port, unix:///path or unixgram:///path"
        )
        return nil
    }
}

extension DatagramAddress {
    /// - Parameter url: its port may be missing.
    fileprivate init?(url: String) {
        for scheme in ["unix://", "unixgram://"] where url.hasPrefix(scheme) {
            guard url.count > scheme.count else { return nil }
            self = .unix(path: String(url.dropFirst(scheme.count)))
            return
        }
        guard url.hasPrefix("udp://") else { return nil }
        self.init(authority: url.dropFirst("udp://".count))
    }

    /// `host`, `host:port`, `[::1]` or `[::1]:port`.
    private init?(authority: Substring) {
        let isBracketed = authority.hasPrefix("[")
        guard
            let hostEnd = isBracketed
                ? authority.firstIndex(of: "]") : authority.lastIndex(of: ":") ?? authority.endIndex
        else { return nil }
        let host = isBracketed ? authority[..<hostEnd].dropFirst() : authority[..<hostEnd]
        let rest = authority[hostEnd...].drop { $0 == "]" }
        guard !host.isEmpty, let port = rest.isEmpty ? 8125 : UInt16(rest.dropFirst()) else { return nil }
        self = .udp(host: String(host), port: Int(port))
    }
}

/// The order is that of Datadog's clients.
private let tagVariables = [
    ("DD_ENTITY_ID", "dd.internal.entity_id"), ("DD_ENV", "env"), ("DD_SERVICE", "service"), ("DD_VERSION", "version"),
]
