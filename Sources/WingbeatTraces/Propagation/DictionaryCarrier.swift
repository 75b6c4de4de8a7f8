// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Instrumentation

/// Reads headers from a dictionary, whatever the case of its keys.
public struct DictionaryExtractor: Extractor {
    /// The extractor has no settings.
    public init() {}

    /// The value of a key; of keys that differ only in case, the one that is written like the name, or any.
    public func extract(key: String, from headers: [String: String]) -> String? {
        headers[key] ?? headers.first { isSameName($0.key, key) }?.value
    }
}

/// Writes headers into a dictionary.
public struct DictionaryInjector: Injector {
    /// The injector has no settings.
    public init() {}

    /// Sets a key to a value; keys that differ from it only in case are removed.
    public func inject(_ value: String, forKey key: String, into headers: inout [String: String]) {
        while let other = headers.keys.first(where: { $0 != key && isSameName($0, key) }) { headers[other] = nil }
        headers[key] = value
    }
}

/// Whether two names of headers are the same but for the case of ASCII letters.
func isSameName(_ left: String, _ right: String) -> Bool {
    let (left, right) = (left.utf8, right.utf8)
    return left.count == right.count && zip(left, right).allSatisfy { $0.lowerCase == $1.lowerCase }
}

extension UInt8 {
    fileprivate var lowerCase: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
