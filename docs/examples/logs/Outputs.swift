// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Wingbeat

/// Lines for people on standard error, and all of them as JSON in a file.
func twoOutputs() throws -> TelemetryConfiguration {
    var configuration = TelemetryConfiguration(serviceName: "checkout")
    let file = try FileSink(path: "checkout.log")
    let people = LogOutput(encoder: ConsoleEncoder(), sink: BufferedSink.standardError, level: .warning)
    let machines = LogOutput(encoder: JSONLinesEncoder(), sink: BufferedSink(to: file))
    configuration.logs.outputs = [people, machines]

    // Many equal messages, and what must not be read.
    configuration.logs.sampling = LogSampling(first: 100, thereafter: 100)
    configuration.logs.redaction = LogRedaction(keys: ["password", "card"])

    // SIGUSR1 and SIGUSR2 move the level, SIGHUP opens the file anew.
    configuration.logsFollowSignals = true
    return configuration
}

/// A file, and standard error while that cannot be written.
func failover(_ file: FileSink) -> BufferedSink {
    let sink = BufferedSink(to: FailoverSink([file, StandardStreamSink.standardError]))
    return sink
}

/// Buffers that do otherwise than usual.
func patientSinks(_ file: FileSink) -> [any LogSink] {
    let patient = BufferedSink(to: file, configuration: .init(capacity: 8 << 20, whenFull: .block))
    let direct = StandardStreamSink.standardError  // no buffer at all
    return [patient, direct]
}

/// A pipeline of its own, beside the process', for an audit's file or a test.
func writeElsewhere() {
    let sink = InMemoryLogSink()
    var configuration = LogConfiguration(encoder: JournalEncoder(), sink: sink)
    configuration.redaction.keys = ["card"]
    let pipeline = LogPipeline(configuration)
    let log = StructuredLogger(label: "audit", pipeline: pipeline)
    log.warning("card added", ("user", "ann"), ("card", "4111 1111"))
    for line in sink.lines { print(line) }
}
