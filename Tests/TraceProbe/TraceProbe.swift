// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A program whose traces the integration tests know: `TraceProbe <probe> <arguments of the probe>`.
@main
enum TraceProbe {
    typealias Probe = @Sendable ([String]) async throws -> Void

    /// One line for each probe.
    static let probes: [String: Probe] = [
        "extract": HeaderProbe.extract,
        "inject": HeaderProbe.inject,
        "sample": SampleProbe.run,
        "serve": HopProbe.run,
    ]

    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard let name = arguments.first, let probe = probes[name] else { throw Misuse("\(probes.keys.sorted())") }
        try await probe(Array(arguments.dropFirst()))
    }
}

/// The arguments, or what was given, are others than expected.
struct Misuse: Error, CustomStringConvertible {
    let description: String

    init(_ expected: String) {
        description = "expected \(expected)"
    }
}
