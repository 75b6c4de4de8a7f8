// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not spans: a sentence for the client that sent them.
public struct SpanDecodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was wrong and where.
    public let description: String

    package init(_ description: String) {
        self.description = description
    }
}
