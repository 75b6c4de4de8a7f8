// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A ``RatioSampler`` whose ratio can be changed while it is used, by any thread.
///
/// ```swift
/// configuration.sampler = ParentBasedSampler(root: AdjustableSampler(0.1))
/// ```
public final class AdjustableSampler: Sampler {
    private let bits: Atomic<UInt64>
    private let rule: RatioSampler.Rule

    /// - Parameters:
    ///   - ratio: from 0 (nothing) to 1 (everything); what lies outside is clamped, NaN is 0.
    ///   - rule: which traces are chosen.
    public init(_ ratio: Double = 1, rule: RatioSampler.Rule = .openTelemetry) {
        bits = Atomic(RatioSampler(ratio).ratio.bitPattern)
        self.rule = rule
    }

    /// The share of traces that are recorded, from 0 to 1; what lies outside is clamped, NaN is 0.
    public var ratio: Double {
        get { Double(bitPattern: bits.load(ordering: .relaxed)) }
        set { bits.store(RatioSampler(newValue).ratio.bitPattern, ordering: .relaxed) }
    }

    /// True for the share of trace ids.
    public func isSampled(_ request: SamplingRequest) -> Bool { RatioSampler(ratio, rule: rule).isSampled(request) }

    /// Itself.
    public var adjustable: AdjustableSampler? { self }
}
