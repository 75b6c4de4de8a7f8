// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A program that logs what the integration tests know: `LogProbe <probe> <arguments of the probe>`.
@main
enum LogProbe {
    typealias Probe = @Sendable ([String]) throws -> Void

    /// One line for each probe; each has a file of its own.
    static let probes: [String: Probe] = [
        "events": EventsProbe.run,
        "threads": ThreadsProbe.run,
    ]

    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard let name = arguments.first, let probe = probes[name] else { throw Misuse("\(probes.keys.sorted())") }
        try probe(Array(arguments.dropFirst()))
    }
}

/// The arguments are others than expected.
struct Misuse: Error, CustomStringConvertible {
    let description: String

    init(_ expected: String) {
        description = "expected \(expected)"
    }
}
