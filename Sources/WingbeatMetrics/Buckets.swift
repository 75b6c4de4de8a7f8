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

    func prefix(_ count: Int) -> Buckets {
        upperBounds.count > count ? Buckets(Array(upperBounds.prefix(count))) : self
    }
}

/// The bucket layout of all histograms whose names match a pattern, also of those that arrive through swift-metrics.
public struct BucketRule: Sendable {
    /// A name, in which `*` stands for any text: `http.*.duration`.
    public let pattern: String
    /// The layout.
    public let buckets: Buckets
    private let parts: [Substring]

    /// A rule; dots and underscores in names are the same.
    public init(_ pattern: String, _ buckets: Buckets) {
        self.pattern = pattern
        self.buckets = buckets
        let canonical = pattern.split(separator: "*", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : String($0.map { canonicalCharacter($0) }) }
        parts = canonical.map { $0[...] }
    }

    func matches(_ name: String) -> Bool {
        var rest = String(name.map { canonicalCharacter($0) })[...]
        guard let first = parts.first, let last = parts.last, rest.hasPrefix(first) else { return false }
        if parts.count == 1 { return rest == first }
        rest.removeFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}

private func canonicalCharacter(_ character: Character) -> Character { character == "." ? "_" : character }
