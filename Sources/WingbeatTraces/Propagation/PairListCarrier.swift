// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Instrumentation

/// Reads headers from a list of pairs, as most libraries keep them: gRPC's metadata, a message's properties.
///
/// ```swift
/// let headers = PairListExtractor<[(String, String)]> { ($0.0, $0.1) }
/// ```
public struct PairListExtractor<Pairs: Sequence>: Extractor {
    private let pair: @Sendable (Pairs.Element) -> (name: String, value: String)?

    /// - Parameter pair: the name and the value of an element; nil to pass it over, such as binary metadata of gRPC.
    public init(_ pair: @escaping @Sendable (Pairs.Element) -> (name: String, value: String)?) {
        self.pair = pair
    }

    /// The values of a name, in any case, joined with commas.
    public func extract(key: String, from pairs: Pairs) -> String? {
        var found: String?
        for element in pairs {
            guard let (name, value) = pair(element), isSameName(name, key) else { continue }
            found = found.map { "\($0),\(value)" } ?? value
        }
        return found
    }
}

/// Writes headers into a list of pairs.
public struct PairListInjector<Pairs: RangeReplaceableCollection>: Injector {
    private let name: @Sendable (Pairs.Element) -> String
    private let make: @Sendable (_ name: String, _ value: String) -> Pairs.Element

    /// - Parameters:
    ///   - name: the name of an element.
    ///   - make: an element of a name and a value.
    public init(
        name: @escaping @Sendable (Pairs.Element) -> String,
        make: @escaping @Sendable (_ name: String, _ value: String) -> Pairs.Element
    ) {
        self.name = name
        self.make = make
    }

    /// Appends a pair; those with the same name, in any case, are removed.
    public func inject(_ value: String, forKey key: String, into pairs: inout Pairs) {
        pairs.removeAll { isSameName(name($0), key) }
        pairs.append(make(key, value))
    }
}
