// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not spans: a sentence for the client that sent them.
public struct SpanDecodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was wrong and where.
    public let description: String
    /// True when the bytes may well be spans, but hold more than is read at once.
    public let isTooLarge: Bool

    package init(_ description: String, isTooLarge: Bool = false) {
        self.description = description
        self.isTooLarge = isTooLarge
    }
}
