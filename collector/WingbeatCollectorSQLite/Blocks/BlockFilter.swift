// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatCollector

/// Tells what a block certainly does not hold: a Bloom filter over services and what their spans bear.
///
/// A byte for the format; how many services there are, and the hash of each (eight bytes); the longest duration in
/// microseconds; then the bits of the filter. Twelve bits a thing and eight probes let through one absent thing in 300,
/// times the services where none is asked for.
struct BlockFilter {
    private static let format: UInt8 = 1
    private static let bitsPerThing = 12
    private static let probes: UInt64 = 8
    /// A block of many distinct values has a filter that lets more through rather than a larger one.
    private static let maximumBytes = 65_536

    /// The hashes of its services.
    var services: [UInt64] = []
    /// The longest duration in microseconds.
    var longest: UInt64 = 0
    private var things: [UInt64] = []

    init() {}

    mutating func insert(_ thing: UInt64) {
        things.append(thing)
    }

    /// The filter as it is kept.
    var bytes: [UInt8] {
        var bytes = [Self.format]
        bytes.append(varint: UInt64(services.count))
        for service in services { bytes.append(bigEndian: service) }
        bytes.append(varint: longest)
        let start = bytes.count
        let size = min(max(things.count * Self.bitsPerThing / 8, 8), Self.maximumBytes)
        bytes.append(contentsOf: repeatElement(0, count: size))
        for thing in things {
            Self.forEachBit(of: thing, among: UInt64(size * 8)) { bit in
                bytes[start + Int(bit >> 3)] |= 1 << UInt8(bit & 7)
            }
        }
        return bytes
    }

    /// False when no span of the block, and of the service where one is asked for, meets the criterion. Bytes that are
    /// no filter rule nothing out.
    static func mayHold(_ criterion: SpanCriterion, service: String?, bytes: [UInt8]) -> Bool {
        do throws(SpanBlob.Damaged) {
            var reader = try PackedReader(bytes, in: 0..<bytes.count)
            guard try reader.byte() == format else { return true }
            var services: [UInt64] = []
            for _ in 0..<(try reader.count(ofAtLeast: 8)) { services.append(try reader.fixed()) }
            let longest = try reader.number()
            if let service {
                let hash = BlockHash.service(service)
                guard services.contains(hash) else { return false }
                services = [hash]
            }
            if case .duration(let range) = criterion { return range.lowerBound <= longest }
            guard let thing = BlockHash.thing(criterion) else { return !services.isEmpty }
            let bits = try reader.range(of: reader.rest)
            return services.contains { has(BlockHash.of(thing, service: $0), bytes, bits) }
        } catch {
            return true
        }
    }

    private static func has(_ thing: UInt64, _ bytes: [UInt8], _ bits: Range<Int>) -> Bool {
        guard !bits.isEmpty else { return true }
        var isThere = true
        forEachBit(of: thing, among: UInt64(bits.count) * 8) { bit in
            isThere = isThere && bytes[bits.lowerBound + Int(bit >> 3)] & 1 << UInt8(bit & 7) != 0
        }
        return isThere
    }

    @inline(__always)
    private static func forEachBit(of thing: UInt64, among count: UInt64, _ body: (UInt64) -> Void) {
        let step = thing >> 32 | thing << 32 | 1
        for probe in 0..<probes {
            body((thing &+ probe &* step).multipliedFullWidth(by: count).high)
        }
    }
}

/// The hashes of what a filter is asked for.
enum BlockHash {
    private static let name: UInt64 = 1
    private static let tag: UInt64 = 2
    private static let word: UInt64 = 3
    private static let remoteService: UInt64 = 4

    /// The hash of a service's name in lower case; nil is the service of spans that name none.
    static func service(_ name: String?) -> UInt64 {
        name.map { StableHash.of($0) } ?? 0
    }

    static func of(_ thing: UInt64, service: UInt64) -> UInt64 { StableHash.pair(service, thing) }

    /// Names in lower case.
    static func name(_ text: String) -> UInt64 { StableHash.pair(name, StableHash.of(text)) }
    static func word(_ text: String) -> UInt64 { StableHash.pair(word, StableHash.of(text)) }
    /// Names in lower case.
    static func remoteService(_ text: String) -> UInt64 { StableHash.pair(remoteService, StableHash.of(text)) }
    static func tag(_ key: String) -> UInt64 { StableHash.pair(tag, StableHash.of(key)) }
    static func tag(_ keyHash: UInt64, value: UInt64) -> UInt64 { StableHash.pair(keyHash, value) }

    /// The hash of a criterion without a service; nil where there is none.
    static func thing(_ criterion: SpanCriterion) -> UInt64? {
        switch criterion {
        case .anything, .duration: nil
        case .name(let text): name(text)
        case .remoteService(let text): remoteService(text)
        case .word(let text): word(text)
        case .tag(let key, let value): tag(tag(key), value: StableHash.of(value))
        }
    }
}
