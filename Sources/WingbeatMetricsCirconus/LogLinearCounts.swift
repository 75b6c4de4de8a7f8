// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatMetrics

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A distribution as Circonus has it: each bucket is called by the first two digits of its values.
///
/// The values of a finer bucket all go where its middle belongs, at most 0.55 % away. Values beyond 9.9e+127 count as
/// that, and those nearer to zero than 1.0e-128 as zero.
/// Source: "Circllhist", H. Hartmann and T. Schlossnagle, arXiv:2001.06561.
struct LogLinearCounts {
    private var counts: [Bucket: UInt64] = [:]

    init(_ sketch: ExponentialCounts) {
        counts[Bucket(digits: 0, exponent: 0)] = sketch.zeroCount > 0 ? sketch.zeroCount : nil
        for bucket in sketch.positive { add(sketch.middle(bucket.index), bucket.count) }
        for bucket in sketch.negative { add(-sketch.middle(bucket.index), bucket.count) }
    }

    /// The buckets in Circonus' text form, ascending: `H[1.2e+01]=3` are three values from 12 up to 13.
    var texts: [String] {
        counts.sorted { $0.key.value < $1.key.value }.map { "H[\($0.key.text)]=\($0.value)" }
    }

    private mutating func add(_ value: Double, _ count: UInt64) {
        guard value.isFinite else { return }
        counts[Bucket(value), default: 0] &+= count
    }
}

private struct Bucket: Hashable {
    /// The two digits with their sign: 12 for 1.2; zero or 10 to 99 in magnitude.
    let digits: Int
    let exponent: Int
}

extension Bucket {
    init(_ value: Double) {
        var exponent = value == 0 ? 0 : Int(log10(abs(value)).rounded(.down))
        var digits = Int((abs(value) / pow(10, Double(exponent)) * 10).rounded(.down))
        // The logarithm may have been rounded past a power of ten.
        if digits > 99 { (digits, exponent) = (10, exponent + 1) }
        if digits < 10, value != 0 { (digits, exponent) = (99, exponent - 1) }
        switch exponent {
        case ..<(-128): self.init(digits: 0, exponent: 0)
        case 128...: self.init(digits: value < 0 ? -99 : 99, exponent: 127)
        default: self.init(digits: value < 0 ? -digits : digits, exponent: exponent)
        }
    }

    var value: Double { Double(digits) * pow(10, Double(exponent)) }

    /// C's `%.1e`.
    var text: String {
        let magnitude = abs(exponent)
        let sign = digits < 0 ? "-" : ""
        let exponentText = (exponent < 0 ? "-" : "+") + (magnitude < 10 ? "0" : "") + String(magnitude)
        return "\(sign)\(abs(digits) / 10).\(abs(digits) % 10)e\(exponentText)"
    }
}
