// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Names as small numbers, each in lower case.
///
/// The table is bounded: a name that comes when it is full is filed under `other` for as long as the collector runs,
/// and a long one is cut, so that a client that makes up names costs no more than the table.
struct NameTable {
    /// The number that stands for no name.
    static let none: UInt32 = 0
    /// The number of the empty name.
    static let empty: UInt32 = 1
    /// The number of all names for which there was no room.
    static let other: UInt32 = 2
    /// What those are called.
    static let otherName = "other"

    private let limit: Int
    private let maximumBytes = 256
    private var numbers: [String: UInt32] = [:]
    private var names = ["", "", otherName]

    /// - Parameter limit: how many names there may be.
    init(limit: Int) {
        self.limit = limit
    }

    /// The name of a number; empty for one that the table never gave.
    subscript(number: UInt32) -> String {
        names.indices.contains(Int(number)) ? names[Int(number)] : ""
    }

    /// The number of a name, whatever its case.
    mutating func number(of name: String) -> UInt32 {
        if let number = numbers[name] { return number }
        return name.isEmpty ? Self.empty : file(name)
    }

    private mutating func file(_ name: String) -> UInt32 {
        let folded = Self.cut(name, maximumBytes).lowercased()
        let number = numbers[folded] ?? add(folded)
        // The name as it came is found faster the next time, while there is room for that.
        if number != Self.other, numbers.count < 2 * limit, name.utf8.count <= maximumBytes { numbers[name] = number }
        return number
    }

    private mutating func add(_ folded: String) -> UInt32 {
        guard names.count < limit, let number = UInt32(exactly: names.count) else { return Self.other }
        names.append(folded)
        numbers[folded] = number
        return number
    }

    /// The start of the text that is at most so many bytes long.
    static func cut(_ text: String, _ maximumBytes: Int) -> String {
        guard text.utf8.count > maximumBytes else { return text }
        return String(decoding: text.utf8.prefix(maximumBytes), as: UTF8.self)
    }
}
