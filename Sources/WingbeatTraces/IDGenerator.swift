// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatModel

/// Makes ids without locks: a counter that starts at a random place and steps by an odd number, each value mixed.
///
/// The sequence visits all 2^64 values before it repeats; two processes start at independent places.
/// Source: SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014).
final class IDGenerator: Sendable {
    private let state: Atomic<UInt64>

    init(seed: UInt64 = .random(in: .min ... .max)) {
        state = Atomic(seed)
    }

    func next() -> UInt64 {
        var mixed = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    func traceID() -> TraceID {
        let high = next()
        while true {
            if let id = TraceID(high: high, low: next()) { return id }
        }
    }

    func spanID() -> SpanID {
        while true {
            if let id = SpanID(next()) { return id }
        }
    }
}
