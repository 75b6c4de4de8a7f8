// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// What the command line asks for.
struct Options {
    /// Only rows whose name contains this, whatever the case; all where it is empty.
    private(set) var filter = ""
    /// Only the names of the rows.
    private(set) var isListing = false

    static let usage = """
        usage: Benchmarks [--filter TEXT] [--list]
          --filter TEXT  measures only the rows whose name contains TEXT
          --list         prints the names of the rows and measures nothing
        """

    /// Nil where the arguments are not understood.
    init?(_ arguments: [String]) {
        var arguments = arguments[...]
        while let argument = arguments.popFirst() {
            switch argument {
            case "--list": isListing = true
            case "--filter":
                guard let text = arguments.popFirst() else { return nil }
                filter = text.lowercased()
            default: return nil
            }
        }
    }

    func admits(_ benchmark: Benchmark) -> Bool {
        filter.isEmpty || benchmark.name.lowercased().contains(filter)
    }
}
