// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Wingbeat

/// Prints for each trace id whether a ratio records it, 1 or 0: `TraceProbe sample <rule> <ratio> [<salt>]`.
enum SampleProbe {
    @Sendable
    static func run(_ arguments: [String]) throws {
        guard arguments.count >= 2, let ratio = Double(arguments[1]) else { throw Misuse("<rule> <ratio> [<salt>]") }
        let salt = arguments.count > 2 ? UInt64(arguments[2]) ?? 0 : 0
        let rules: [String: RatioSampler.Rule] = [
            "openTelemetry": .openTelemetry, "openTelemetryLeftHalf": .openTelemetryLeftHalf, "zipkin": .zipkin,
            "zipkinBoundary": .zipkinBoundary(salt: salt),
        ]
        guard let rule = rules[arguments[0]] else { throw Misuse("\(rules.keys.sorted())") }
        let sampler = RatioSampler(ratio, rule: rule)
        while let line = readLine() {
            guard let id = TraceID(hex: line) else { throw Misuse("hexadecimal ids, got \(line)") }
            print(sampler.isSampled(SamplingRequest(traceID: id, parent: nil, name: "probe")) ? "1" : "0")
        }
    }
}
