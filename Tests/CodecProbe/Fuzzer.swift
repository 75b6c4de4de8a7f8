// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import WingbeatModel
import WingbeatSpanCodecs

/// A reader of spans, and inputs that it takes.
struct FuzzedDecoder: Sendable {
    /// Inputs to damage, each of which is taken as it is.
    let samples: [[UInt8]]
    /// Bytes that mean something in the format: these do the most damage.
    let marks: [UInt8]
    /// Reads spans.
    let decode: @Sendable ([UInt8]) throws(SpanDecodingError) -> [SpanRecord]
}

/// Gives a reader inputs: its samples cut off anywhere, damaged ones, and bytes that mean nothing.
struct Fuzzer {
    private let decoder: FuzzedDecoder
    private var generator: SeededGenerator
    private(set) var taken = 0
    private(set) var refused = 0

    init(_ decoder: FuzzedDecoder, seed: UInt64) {
        self.decoder = decoder
        generator = SeededGenerator(seed: seed)
    }

    /// Tries so many inputs.
    mutating func run(_ count: Int) throws {
        for sample in decoder.samples {
            guard try isTaken(sample) else { throw Failure("a sample is refused: \(sample)") }
            for length in sample.indices where taken + refused < count { _ = try isTaken(Array(sample.prefix(length))) }
        }
        while taken + refused < count { _ = try isTaken(input()) }
    }

    private mutating func isTaken(_ input: [UInt8]) throws -> Bool {
        guard let spans = try? decoder.decode(input) else {
            refused += 1
            return false
        }
        taken += 1
        if taken % 16 == 0 { try expectReadable(spans, input) }
        return true
    }

    /// What was taken can be written in either of Zipkin's formats and read again.
    private func expectReadable(_ spans: [SpanRecord], _ input: [UInt8]) throws {
        let json = try? ZipkinJSONDecoder.decode(ZipkinJSONEncoder.encode(spans))
        let protobuf = try? ZipkinProtobufDecoder.decode(ZipkinProtobufEncoder.encode(spans))
        guard let json, json == protobuf, json.count == spans.count else {
            throw Failure("spans are not the same after they were written and read: \(spans), from \(input)")
        }
    }

    private mutating func input() -> [UInt8] {
        if Int.random(in: 0..<10, using: &generator) == 0 { return noise() }
        guard var bytes = decoder.samples.randomElement(using: &generator) else { return [] }
        for _ in 0...Int.random(in: 0..<4, using: &generator) { damage(&bytes) }
        return bytes
    }

    private mutating func noise() -> [UInt8] {
        (0..<Int.random(in: 0..<200, using: &generator)).map { _ in byte() }
    }

    /// A mark, or any byte.
    private mutating func byte() -> UInt8 {
        Bool.random(using: &generator)
            ? decoder.marks.randomElement(using: &generator) ?? 0 : .random(in: .min ... .max, using: &generator)
    }

    private mutating func damage(_ bytes: inout [UInt8]) {
        guard let index = bytes.indices.randomElement(using: &generator) else { return }
        let end = min(index + Int.random(in: 1..<40, using: &generator), bytes.count)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[index] = byte()
        case 1: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2: bytes.removeSubrange(index..<end)
        case 3: bytes.insert(byte(), at: index)
        case 4: bytes.insert(contentsOf: bytes[index..<end], at: index)
        default: bytes.removeLast(bytes.count - index)
        }
    }
}
