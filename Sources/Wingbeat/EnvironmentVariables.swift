// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The environment variables of the process.
public func processEnvironment() -> [String: String] {
    ProcessInfo.processInfo.environment
}

/// Environment variables as OpenTelemetry reads them: an empty one counts as not set.
struct EnvironmentVariables {
    private let values: [String: String]

    init(_ values: [String: String]) {
        self.values = values
    }

    subscript(name: String) -> String? {
        values[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The elements of a comma-separated list, without the white space around them.
    func list(_ name: String) -> [String] {
        commaSeparated(self[name] ?? "").map(String.init)
    }

    /// A value that must be understood when it is set.
    func value<Value>(
        _ name: String,
        _ expected: String,
        _ parse: (String) -> Value?
    ) throws(TelemetryError) -> Value? {
        guard let text = self[name] else { return nil }
        guard let value = parse(text) else { throw .invalidSetting(name: name, value: text, expected: expected) }
        return value
    }
}
