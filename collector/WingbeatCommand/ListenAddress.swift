// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Hummingbird

/// A host and a port to listen on.
struct ListenAddress: ExpressibleByArgument, CustomStringConvertible {
    static let defaultHost = "127.0.0.1"
    static let defaultPort = 9411

    let host: String
    let port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// `HOST:PORT`, `[IPV6]:PORT`, `PORT` or `HOST`.
    init?(argument: String) {
        self.init(argument, defaultPort: Self.defaultPort)
    }

    /// `HOST:PORT`, `[IPV6]:PORT`, `PORT`, or `HOST` with the port that is said.
    init?(_ argument: String, defaultPort: Int) {
        if let port = Self.port(argument) {
            self.init(host: Self.defaultHost, port: port)
            return
        }
        guard let colon = argument.lastIndex(of: ":"), !argument.hasSuffix("]") else {
            guard let host = Self.host(argument[...]) else { return nil }
            self.init(host: host, port: defaultPort)
            return
        }
        guard let host = Self.host(argument[..<colon]),
            let port = Self.port(String(argument[argument.index(after: colon)...]))
        else { return nil }
        self.init(host: host, port: port)
    }

    /// The default address, with the port that `QUERY_PORT` says.
    init(environment: Environment) throws {
        guard let text = environment.get("QUERY_PORT"), !text.isEmpty else {
            self.init(host: Self.defaultHost, port: Self.defaultPort)
            return
        }
        guard let port = Self.port(text) else {
            throw ValidationError("QUERY_PORT=\(text) is not a port from 0 to 65535.")
        }
        self.init(host: Self.defaultHost, port: port)
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// True when only this machine can reach it.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    private static func port(_ text: String) -> Int? {
        UInt16(text).map(Int.init)
    }

    /// A name or an address; one with colons must stand in brackets.
    private static func host(_ text: Substring) -> String? {
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        let host = isBracketed ? text.dropFirst().dropLast() : text
        guard !host.isEmpty, isBracketed || !host.contains(":") else { return nil }
        return String(host)
    }
}
