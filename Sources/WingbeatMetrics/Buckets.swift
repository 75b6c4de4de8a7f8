// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// The upper bounds of a histogram's buckets; a last bucket without bound is always there.
public struct Buckets: Hashable, Sendable {
    /// The bounds, ascending and finite. A value equal to a bound belongs below it, as Prometheus has it (`le`).
    public let upperBounds: [Double]

    /// Buckets with the given bounds; they are sorted, and what is not a finite number or is there twice is left out.
    public init(_ upperBounds: [Double]) {
        self.upperBounds = Set(upperBounds.filter(\.isFinite)).sorted()
    }

    /// Eleven bounds from 5 ms to 10 s: Prometheus' defaults for durations in seconds.
    public static let seconds = Buckets([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])

    /// Sixteen bounds from 0 to 10,000 for values of unknown scale (OpenTelemetry's default boundaries, with one).
    public static let general = Buckets([0, 1, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000])

    /// `count` bounds from `start`, each `factor` times the one before.
    public static func exponential(start: Double, factor: Double, count: Int) -> Buckets {
        var bound = start
        return Buckets(
            (0..<max(count, 0)).map { _ in
                defer { bound *= factor }
                return bound
            }
        )
    }

    /// `count` bounds from `start`, each `width` more than the one before.
    public static func linear(start: Double, width: Double, count: Int) -> Buckets {
        Buckets((0..<max(count, 0)).map { start + Double($0) * width })
    }
}
