// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// One number that somebody keeps for a registry to read, such as a sum of spans.
package struct Tally: Sendable {
    /// The metric's name.
    package let name: String
    /// One line for people.
    package let help: String
    /// True for a value that goes up and down, false for a sum.
    package let isGauge: Bool
    /// What tells it from the metric's other numbers.
    package let labels: LabelSet
    /// The number now.
    package var value: Double

    /// A number.
    package init(name: String, help: String, isGauge: Bool = false, labels: LabelSet = .empty, value: Double) {
        self.name = name
        self.help = help
        self.isGauge = isGauge
        self.labels = labels
        self.value = value
    }
}

/// Keeps numbers that belong together, so that they must be read at one moment.
package protocol TallySource: Sendable {
    /// The numbers now.
    ///
    /// - Returns: also whether they are final: then nobody asks again, and the sums stay as they are.
    func read() -> (tallies: [Tally], isFinal: Bool)
}

/// Reads numbers that others keep; those with the same name and labels are summed.
package protocol TallyReader: Sendable {
    /// Reads the source from now on.
    func add(_ source: any TallySource)
}
