// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Where ClickHouse is: `clickhouse://user:password@host:8123,host2:8123/database?cluster=x`.
///
/// The ports are those of its HTTP interface (8123 unless said otherwise); `clickhouses` in place of `clickhouse` means
/// TLS. Characters that a URL has other uses for are written as `%40` and the like.
public struct ClickHouseAddress: Hashable, Sendable {
    /// One server.
    public struct Host: Hashable, Sendable {
        /// A name or an address; IPv6 in brackets.
        public var name: String
        /// The port of the HTTP interface.
        public var port: UInt16
    }

    /// The servers, all replicas of each other; the first that answers is used.
    public var hosts: [Host] = []
    /// `default` where none is named.
    public var user = "default"
    /// Empty where there is none.
    public var password = ""
    /// `wingbeat` where none is named; made when it is not there.
    public var database = "wingbeat"
    /// The name of the cluster, as `system.clusters` has it: tables are replicated then, and read from all its shards.
    public var cluster: String?
    /// True when connections are encrypted.
    public var isEncrypted = false
    /// How long spans wait for others, to be inserted together (`batch_ms`): ClickHouse likes few large inserts.
    public var batchInterval: Duration = .milliseconds(200)

    /// What is wrong with an address.
    public struct Invalid: Error, Hashable, Sendable, CustomStringConvertible {
        /// A sentence for a person, without the password.
        public let description: String
    }

    /// Reads an address.
    public init(_ text: String) throws(Invalid) {
        guard let scheme = ["clickhouse://", "clickhouses://"].first(where: text.hasPrefix) else {
            throw Invalid(description: "an address of ClickHouse begins with clickhouse:// or clickhouses://")
        }
        isEncrypted = scheme == "clickhouses://"
        let rest = text.dropFirst(scheme.count)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        try readAuthority(rest[..<end])
        let tail = rest[end...]
        let question = tail.firstIndex(of: "?") ?? tail.endIndex
        if let name = Self.decoded(tail[..<question].dropFirst()), !name.isEmpty { database = name }
        try readParameters(tail[question...].dropFirst())
        guard hosts.count == 1 || cluster != nil else {
            throw Invalid(
                description: "several hosts of ClickHouse need ?cluster=, the name under which they replicate"
            )
        }
    }

    private mutating func readAuthority(_ text: Substring) throws(Invalid) {
        let at = text.lastIndex(of: "@")
        if let at {
            let pair = text[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let user = pair.first.flatMap(Self.decoded), let password = Self.decoded(pair.dropFirst().first ?? "")
            else { throw Invalid(description: "the user or the password of ClickHouse's address is not well encoded") }
            self.user = user
            self.password = password
        }
        for host in text[(at.map(text.index(after:)) ?? text.startIndex)...].split(separator: ",") {
            hosts.append(try Self.host(host))
        }
        guard !hosts.isEmpty else { throw Invalid(description: "ClickHouse's address names no host") }
    }

    private static func host(_ text: Substring) throws(Invalid) -> Host {
        let isBare = text.hasSuffix("]") || !text.contains(":")
        guard !isBare, let colon = text.lastIndex(of: ":") else { return Host(name: String(text), port: 8123) }
        guard let port = UInt16(text[text.index(after: colon)...]), colon != text.startIndex else {
            throw Invalid(description: "\(text) is no host of ClickHouse: expected HOST, HOST:PORT or [IPV6]:PORT")
        }
        return Host(name: String(text[..<colon]), port: port)
    }

    private mutating func readParameters(_ text: Substring) throws(Invalid) {
        for parameter in text.split(separator: "&") {
            let pair = parameter.split(separator: "=", maxSplits: 1)
            let value = pair.count == 2 ? Self.decoded(pair[1]) : nil
            switch (pair.first, value) {
            case ("cluster", let name?): cluster = name
            case ("batch_ms", let text?):
                guard let milliseconds = Int(text), (0...10_000).contains(milliseconds) else {
                    throw Invalid(description: "batch_ms=\(text) is not a number of milliseconds from 0 to 10000")
                }
                batchInterval = .milliseconds(milliseconds)
            default:
                throw Invalid(description: "ClickHouse's address has \(parameter); known are cluster= and batch_ms=")
            }
        }
    }

    private static func decoded(_ text: Substring) -> String? { text.percentDecoded() }
}

extension ClickHouseAddress: CustomStringConvertible {
    /// The address without user and password, to be shown.
    public var description: String {
        let list = hosts.map { "\($0.name):\($0.port)" }.joined(separator: ",")
        return "clickhouse\(isEncrypted ? "s" : "")://\(list)/\(database)"
    }
}
