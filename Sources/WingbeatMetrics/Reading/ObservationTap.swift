// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// Catches single observations of histograms, or a random part of them, for backends that want each one, as StatsD
/// does for timings.
///
/// Attach it with ``MetricRegistry/attach(_:)``. What it catches waits in a bounded buffer until ``drain()``; what finds
/// no room is counted and lost for this tap, and for nobody else.
public final class ObservationTap: Sendable {
    /// One observed value.
    public struct Observation: Sendable {
        /// The histogram.
        public let descriptor: MetricDescriptor
        /// The series.
        public let labels: LabelSet
        /// The value, in the family's unit.
        public let value: Double

        /// An observation.
        public init(descriptor: MetricDescriptor, labels: LabelSet, value: Double) {
            self.descriptor = descriptor
            self.labels = labels
            self.value = value
        }
    }

    /// What was caught since the last time.
    public struct Catch: Sendable {
        /// The observations, in the order in which they came.
        public let observations: [Observation]
        /// How many were chosen but found no room.
        public let dropped: UInt64
    }

    /// Which part of all observations is caught, above 0 and up to 1.
    public let sampleRate: Double
    private let capacity: Int
    private let state: Locked<State>

    fileprivate struct State {
        var random: UInt64
        var observations: [Observation] = []
        var dropped: UInt64 = 0
    }

    /// - Parameters:
    ///   - sampleRate: which part of all observations is caught, chosen at random; above 1 or not above 0 means all.
    ///   - capacity: how many observations wait at most.
    ///   - seed: where the random choice starts; the same seed chooses the same ones.
    public init(sampleRate: Double = 1, capacity: Int = 65_536, seed: UInt64 = .random(in: .min ... .max)) {
        self.sampleRate = sampleRate > 0 && sampleRate <= 1 ? sampleRate : 1
        self.capacity = max(capacity, 1)
        state = Locked(State(random: seed))
    }

    /// Takes everything that was caught.
    public func drain() -> Catch {
        state.withLock { state in
            let caught = Catch(observations: state.observations, dropped: state.dropped)
            state.observations.removeAll(keepingCapacity: true)
            state.dropped = 0
            return caught
        }
    }

    /// Catches an observation if chance chooses it; called by the histogram.
    package func offer(_ value: Double, _ descriptor: MetricDescriptor, _ labels: LabelSet) {
        state.withLock { state in
            guard sampleRate == 1 || state.nextUnit() < sampleRate else { return }
            guard state.observations.count < capacity else {
                state.dropped &+= 1
                return
            }
            state.observations.append(Observation(descriptor: descriptor, labels: labels, value: value))
        }
    }
}

extension ObservationTap.State {
    /// A number from 0 up to 1: SplitMix64 (Steele, Lea, Flood 2014).
    fileprivate mutating func nextUnit() -> Double {
        random &+= 0x9E37_79B9_7F4A_7C15
        var mixed = random
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53
    }
}
