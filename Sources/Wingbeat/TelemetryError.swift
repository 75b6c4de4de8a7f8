// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// A setting that cannot be used, or a process that was set up otherwise before.
public enum TelemetryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// An environment variable or a setting has a value that is not understood.
    case invalidSetting(name: String, value: String, expected: String)
    /// Another backend was installed before; this API can be bootstrapped only once in a process.
    case alreadyBootstrapped(api: String, backend: String)

    /// What is wrong, for a person.
    public var description: String {
        switch self {
        case .invalidSetting(let name, let value, let expected):
            "\(name)=\(value) is not understood: expected \(expected)"
        case .alreadyBootstrapped(let api, let backend):
            "\(api) was bootstrapped with \(backend) before Telemetry.configure; call configure first, or alone"
        }
    }
}
