// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import WingbeatModel
import WingbeatSpanCodecs

/// A program that tries the readers and writers of spans: `CodecProbe <probe> <arguments of the probe>`.
@main
enum CodecProbe {
    typealias Probe = @Sendable ([String]) throws -> Void

    /// One line for each probe.
    static let probes: [String: Probe] = [
        "convert": ConvertProbe.run, "dense": DenseProbe.run, "fuzz": FuzzProbe.run, "random": RandomProbe.run,
    ]

    /// One line for each reader; the readers of each format have a file of their own.
    static let decoders: [String: FuzzedDecoder] = [
        "otlp-json": .otlpJSON,
        "otlp-protobuf": .otlpProtobuf,
        "zipkin-json": .zipkinJSON,
        "zipkin-protobuf": .zipkinProtobuf,
        "zipkin-thrift": .zipkinThrift,
        "zipkin-v1-json": .zipkinV1JSON,
    ]

    /// One line for each writer.
    static let encoders: [String: @Sendable ([SpanRecord]) -> [UInt8]] = [
        "otlp-json": { OTLPJSONEncoder.encode($0) },
        "otlp-protobuf": { OTLPProtobufEncoder.encode($0) },
        "zipkin-json": { ZipkinJSONEncoder.encode($0) },
        "zipkin-protobuf": { ZipkinProtobufEncoder.encode($0) },
    ]

    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard let name = arguments.first, let probe = probes[name] else {
            throw Failure("expected \(probes.keys.sorted())")
        }
        try probe(Array(arguments.dropFirst()))
        if let peak = peakMemory() { FileHandle.standardError.write(Data("peak_kb=\(peak)\n".utf8)) }
    }

    /// The most memory that the process had at once, in KiB, as Linux tells it.
    private static func peakMemory() -> Int? {
        let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }
    }
}

/// Why the program ends with an error.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
