// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Hummingbird
import WingbeatCollector
import WingbeatCollectorServer

/// Which spans are kept.
struct SamplingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The share of traces that are kept, chosen by their ids. (default: COLLECTOR_SAMPLE_RATE or 1)",
            valueName: "0...1"
        )
    )
    var sampleRate: Double?

    @Option(
        help: ArgumentHelp(
            "How many spans a trace may have; of the rest only a few are kept, to say how many are missing.",
            valueName: "spans"
        )
    )
    var maxTraceSpans = SpanIntake.Options().maximumSpansPerTrace

    @Option(
        help: ArgumentHelp(
            "The share of traces that are kept when they are whole and neither failed, slow nor rare. (default: 1)",
            valueName: "0...1"
        )
    )
    var tailSample: Double?

    @Option(
        help: ArgumentHelp(
            "With --tail-sample: keep traces that took at least so long, for example 1s or 250ms; without it, those slower than 95 % of their operation.",
            valueName: "duration"
        )
    )
    var keepSlowerThan: DurationArgument?

    func validate() throws {
        for (name, share) in [("--sample-rate", sampleRate), ("--tail-sample", tailSample)] {
            guard let share else { continue }
            guard (0...1).contains(share) else { throw ValidationError("\(name) must be between 0 and 1.") }
        }
        guard maxTraceSpans > 0 else { throw ValidationError("--max-trace-spans must be at least 1.") }
        if keepSlowerThan?.duration == .zero { throw ValidationError("--keep-slower-than must be more than nothing.") }
        if keepSlowerThan != nil, tailSample == nil {
            throw ValidationError("--keep-slower-than is only of use with --tail-sample.")
        }
    }

    /// What the intake is told.
    func intakeOptions(_ environment: Environment) throws -> SpanIntake.Options {
        var options = SpanIntake.Options()
        options.sampleRate = try sampleRate ?? Self.rate(environment)
        options.maximumSpansPerTrace = maxTraceSpans
        return options
    }

    /// Decides over whole traces; nil when all are kept.
    func tailPolicy() -> TailPolicy? {
        guard let tailSample else { return nil }
        var options = TailPolicy.Options()
        options.share = tailSample
        options.keepSlowerThan = keepSlowerThan?.duration
        return TailPolicy(options)
    }

    /// Whether the collector records its own work: Zipkin's variables.
    func selfTracing(_ environment: Environment) throws -> SelfTracingOptions {
        var options = SelfTracingOptions()
        options.isEnabled = environment.get("SELF_TRACING_ENABLED")?.lowercased() == "true"
        if let text = environment.get("SELF_TRACING_SAMPLE_RATE"), !text.isEmpty {
            guard let rate = Double(text), (0...1).contains(rate) else {
                throw ValidationError("SELF_TRACING_SAMPLE_RATE=\(text) is not a number from 0 to 1.")
            }
            options.sampleRate = rate
        }
        if let text = environment.get("SELF_TRACING_TRACES_PER_SECOND"), !text.isEmpty {
            guard let limit = Int(text), limit >= 0 else {
                throw ValidationError("SELF_TRACING_TRACES_PER_SECOND=\(text) is not a whole number from 0.")
            }
            options.tracesPerSecond = limit
        }
        return options
    }

    private static func rate(_ environment: Environment) throws -> Double {
        guard let text = environment.get("COLLECTOR_SAMPLE_RATE"), !text.isEmpty else { return 1 }
        guard let rate = Double(text), (0...1).contains(rate) else {
            throw ValidationError("COLLECTOR_SAMPLE_RATE=\(text) is not a number from 0 to 1.")
        }
        return rate
    }
}
