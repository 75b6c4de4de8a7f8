// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// How often the console shows the metrics.
public struct ConsoleConfiguration: Sendable {
    /// How often the registry is read and printed.
    public var interval: Duration = .seconds(10)

    /// The defaults.
    public init() {}
}
