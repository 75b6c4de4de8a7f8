// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// A number of bytes on the command line: a whole number, and a unit where it is not bytes. Units with an `i` are powers
/// of 1024.
struct ByteCountArgument: ExpressibleByArgument {
    private static let units: [(name: String, bytes: Int64)] = [
        ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("tib", 1 << 40),
        ("kb", 1000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("tb", 1_000_000_000_000), ("b", 1),
    ]

    let count: Int64

    init(_ count: Int64) {
        self.count = count
    }

    init?(argument: String) {
        let text = argument.lowercased()
        let unit = Self.units.first { text.hasSuffix($0.name) } ?? ("", 1)
        guard let number = Int64(text.dropLast(unit.name.count)), number >= 0 else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: unit.bytes)
        guard !overflow else { return nil }
        count = bytes
    }

    var defaultValueDescription: String {
        let unit = Self.units.last { $0.name.count == 2 && count > 0 && count % $0.bytes == 0 } ?? ("B", 1)
        return "\(count / unit.bytes)\(unit.name.uppercased())"
    }
}
