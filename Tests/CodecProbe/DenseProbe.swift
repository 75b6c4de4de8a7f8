// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatSpanCodecs

/// `CodecProbe dense <decoder> <bytes>`: reads the input that asks for the most memory for each of its bytes, in each of
/// the ways that the decoder has, and prints how many spans there were. What it took is seen from outside.
///
/// An input that asks for more than is read at once must be refused for that; the largest that is read is half of one that
/// is not.
enum DenseProbe {
    static func run(_ arguments: [String]) throws {
        guard arguments.count == 2, let decoder = CodecProbe.decoders[arguments[0]], let size = Int(arguments[1]) else {
            throw Failure("expected \(CodecProbe.decoders.keys.sorted()) <bytes>")
        }
        for repeated in decoder.dense {
            print(try spans(repeated, count: (size - repeated.around(0).count) / repeated.unit.count, decoder))
        }
    }

    private static func spans(_ repeated: Repeated, count: Int, _ decoder: FuzzedDecoder) throws -> Int {
        do {
            return try decoder.decode(repeated.around(count)).count
        } catch {
            guard error.isTooLarge, count > 1 else { throw error }
        }
        return try spans(repeated, count: count / 2, decoder)
    }
}

/// An input of one thing again and again.
struct Repeated: Sendable {
    /// What is repeated.
    let unit: [UInt8]
    /// The input with so many of them.
    let around: @Sendable (Int) -> [UInt8]
}

extension Repeated {
    init(_ unit: [UInt8], around: @escaping @Sendable (_ units: [UInt8], _ count: Int) -> [UInt8]) {
        self.unit = unit
        self.around = { count in around(Array(repeatElement(unit, count: count).joined()), count) }
    }

    static func json(_ head: String, _ unit: String, _ tail: String) -> Repeated {
        Repeated(Array((unit + ",").utf8)) { units, count in
            Array(head.utf8) + units + Array((count == 0 ? "" : unit).utf8) + Array(tail.utf8)
        }
    }
}
