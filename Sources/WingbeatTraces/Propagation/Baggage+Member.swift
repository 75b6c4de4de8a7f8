// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes

extension Baggage {
    /// One pair of a baggage, and what is said about it.
    public struct Member: Hashable, Sendable {
        /// Letters, digits and the signs that HTTP allows in the name of a header.
        public var key: String
        /// Any text; it travels percent-encoded.
        public var value: String
        /// What is said about the pair, in order. Of these, too, the keys are restricted and the values are not.
        public var properties: [Property]

        /// A pair.
        public init(_ key: String, _ value: String, properties: [Property] = []) {
            self.key = key
            self.value = value
            self.properties = properties
        }
    }

    /// Something said about a member: a word, or a pair.
    public struct Property: Hashable, Sendable {
        /// The word.
        public var key: String
        /// Nil when there is only the word.
        public var value: String?

        /// A word, or a pair.
        public init(_ key: String, _ value: String? = nil) {
            self.key = key
            self.value = value
        }
    }
}

extension Baggage.Member {
    var isValid: Bool { key.isToken && properties.allSatisfy(\.key.isToken) }

    /// Appends `key=value;property;property=value`.
    func write(to bytes: inout [UInt8]) {
        bytes.append(text: key)
        bytes.append(UInt8(ascii: "="))
        bytes.append(percentEncoded: value)
        for property in properties {
            bytes.append(UInt8(ascii: ";"))
            bytes.append(text: property.key)
            guard let value = property.value else { continue }
            bytes.append(UInt8(ascii: "="))
            bytes.append(percentEncoded: value)
        }
    }
}

extension String {
    fileprivate var isToken: Bool { withHeaderBytes(\.isToken) }
}
