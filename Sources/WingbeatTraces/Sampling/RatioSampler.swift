// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Records a share of traces, chosen by trace id, so that services with the same ratio and rule choose the same traces.
public struct RatioSampler: Sampler {
    /// Which traces a ratio chooses. Libraries differ; only services with the same rule agree.
    public enum Rule: Hashable, Sendable {
        /// The right half of the id, but for its last bit, is below the ratio: OpenTelemetry Go and Python.
        case openTelemetry
        /// The same of the left half: OpenTelemetry Go 1.1. A 64-bit trace id has an empty left half, so it is recorded by
        /// every ratio above 0.
        case openTelemetryLeftHalf
        /// The right half, read as a signed number without its sign, is at most the ratio: Zipkin's collector and
        /// OpenTelemetry Java.
        case zipkin
        /// Counts in ten-thousandths, and chooses by the right half mixed with a salt, so that another salt chooses other
        /// traces: zipkin-go's `NewBoundarySampler`.
        ///
        /// zipkin-go's own ids have 63 bits; of others, whose first bit is set after mixing, it records all or none,
        /// depending on the machine, and this rule the share.
        case zipkinBoundary(salt: UInt64)
    }

    /// The share, from 0 to 1.
    public let ratio: Double
    /// Which traces are chosen.
    public let rule: Rule
    private let bound: UInt64

    /// - Parameters:
    ///   - ratio: from 0 (nothing) to 1 (everything); what lies outside is clamped, NaN is 0.
    ///   - rule: which traces are chosen.
    public init(_ ratio: Double, rule: Rule = .openTelemetry) {
        self.ratio = ratio >= 1 ? 1 : ratio > 0 ? ratio : 0
        self.rule = rule
        bound = rule.bound(self.ratio)
    }

    /// True for the share of trace ids.
    public func isSampled(_ request: SamplingRequest) -> Bool { rule.value(request.traceID) < bound }
}

extension RatioSampler.Rule {
    /// What a trace's value must be below, for a ratio from 0 to 1.
    fileprivate func bound(_ ratio: Double) -> UInt64 {
        switch self {
        case .openTelemetry, .openTelemetryLeftHalf: UInt64(ratio * 0x1p63)
        case .zipkin: ratio > 0 ? UInt64(ratio * 0x1p63) + 1 : 0
        case .zipkinBoundary: UInt64(ratio * 10_000)
        }
    }

    @inline(__always)
    fileprivate func value(_ id: TraceID) -> UInt64 {
        switch self {
        case .openTelemetry: id.low >> 1
        case .openTelemetryLeftHalf: id.high >> 1
        case .zipkin: Int64(bitPattern: id.low).magnitude
        case .zipkinBoundary(let salt): UInt64(Double(Int64(bitPattern: id.low ^ salt).magnitude)) % 10_000
        }
    }
}
