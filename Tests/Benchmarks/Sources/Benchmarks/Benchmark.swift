// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// An operation of ours and what it is measured beside.
struct Benchmark {
    /// What one operation is.
    let name: String
    /// Prepares and measures it and its neighbours.
    let measure: () throws -> Measurement

    init(_ name: String, measure: @escaping () throws -> Measurement) {
        self.name = name
        self.measure = measure
    }
}

/// What one operation costs.
struct Figures {
    /// How long it takes.
    let nanoseconds: Double
    /// How often it asks for memory; nil where that is not counted.
    var allocations: Double?
    /// What else there is to know, such as how much memory is kept.
    var remark: String?
}

/// The figures of an operation and of its neighbours, all taken in one run.
struct Measurement {
    let ours: Figures
    let neighbours: [Neighbour]

    init(_ ours: Figures, beside neighbours: [Neighbour]) {
        self.ours = ours
        self.neighbours = neighbours
    }
}

/// The limit of the machine, or a peer doing the same.
struct Neighbour {
    let name: String
    /// Nil where the peer is not there.
    let figures: Figures?
    /// The ratio that the project promises; nil where it promises none.
    let target: Double?

    init(_ name: String, _ figures: Figures?, target: Double? = nil) {
        self.name = name
        self.figures = figures
        self.target = target
    }
}

/// A benchmark that has been measured.
struct Row {
    let name: String
    let measurement: Measurement

    /// How many times the neighbour's time ours takes; nil where there is no neighbour.
    func ratio(to neighbour: Neighbour) -> Double? {
        neighbour.figures.map { measurement.ours.nanoseconds / $0.nanoseconds }
    }

    /// Whether the promise is kept; nil where there is none, or nothing to compare with.
    func isMet(beside neighbour: Neighbour) -> Bool? {
        guard let ratio = ratio(to: neighbour), let target = neighbour.target else { return nil }
        return ratio <= target
    }
}
