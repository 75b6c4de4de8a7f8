// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// A name and a value that tell one series of a metric from another.
public struct Label: Hashable, Sendable {
    /// The label's name, for example `method`.
    public let name: String
    /// The label's value, for example `GET`.
    public let value: String

    /// A label.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// The labels of a series: sorted by name, each name once, hashed once.
///
/// Two sets with the same labels are equal whatever the order in which they were given.
public struct LabelSet: Sendable {
    /// The labels, sorted by name.
    public let labels: [Label]
    private let precomputedHash: Int

    /// The set without labels.
    public static let empty = LabelSet([])

    /// A set of the labels; where a name is given twice the last value wins.
    public init(_ labels: some Sequence<Label>) {
        self.labels = Self.normalized(Array(labels))
        precomputedHash = self.labels.hashValue
    }

    /// A set of pairs, as swift-metrics gives its dimensions.
    public init(_ pairs: [(String, String)]) {
        self.init(pairs.map { Label($0.0, $0.1) })
    }

    /// Insertion sort: labels are few, and mostly in order already.
    private static func normalized(_ labels: [Label]) -> [Label] {
        var sorted: [Label] = []
        sorted.reserveCapacity(labels.count)
        for label in labels {
            var position = sorted.count
            while position > 0, sorted[position - 1].name > label.name { position -= 1 }
            if position > 0, sorted[position - 1].name == label.name {
                sorted[position - 1] = label
            } else {
                sorted.insert(label, at: position)
            }
        }
        return sorted
    }
}

extension LabelSet: Hashable {
    /// True when both hold the same labels.
    public static func == (left: LabelSet, right: LabelSet) -> Bool {
        left.precomputedHash == right.precomputedHash && left.labels == right.labels
    }

    /// Feeds the hash that was computed when the set was made.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(precomputedHash)
    }
}

extension LabelSet: ExpressibleByDictionaryLiteral {
    /// A set written as `["method": "GET"]`.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements)
    }
}
