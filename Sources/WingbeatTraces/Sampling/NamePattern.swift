// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// A text in which `*` stands for any text, also none.
struct NamePattern: Sendable {
    private let pattern: [UInt8]

    init(_ pattern: String) {
        self.pattern = Array(pattern.utf8)
    }

    /// Takes steps in the order of the name's length times the pattern's, and no memory.
    func matches(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { name in pattern.withUnsafeBufferPointer { Self.matches(name, $0) } }
    }

    /// Where a star was too short, it is made longer by one; only the last star can be the one.
    private static func matches(_ name: UnsafeBufferPointer<UInt8>, _ pattern: UnsafeBufferPointer<UInt8>) -> Bool {
        var (inName, inPattern) = (0, 0)
        var retry: (name: Int, pattern: Int)?
        while inName < name.count {
            if inPattern < pattern.count, pattern[inPattern] == UInt8(ascii: "*") {
                inPattern += 1
                retry = (inName, inPattern)
            } else if inPattern < pattern.count, pattern[inPattern] == name[inName] {
                inName += 1
                inPattern += 1
            } else if let last = retry {
                retry = (last.name + 1, last.pattern)
                (inName, inPattern) = (last.name + 1, last.pattern)
            } else {
                return false
            }
        }
        return pattern[inPattern...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
