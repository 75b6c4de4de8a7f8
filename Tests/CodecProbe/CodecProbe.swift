// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A program that tries the readers of spans: `CodecProbe fuzz <decoder> <count of inputs> <seed>`.
///
/// It prints how many inputs were taken and refused. A trap ends it by a signal, a broken promise with an error.
@main
enum CodecProbe {
    /// One line for each reader; each format has a file of its own.
    static let decoders: [String: FuzzedDecoder] = [
        "zipkin-json": .zipkinJSON,
        "zipkin-protobuf": .zipkinProtobuf,
        "zipkin-v1-json": .zipkinV1JSON,
        "zipkin-thrift": .zipkinThrift,
    ]

    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == 4, arguments[0] == "fuzz", let decoder = decoders[arguments[1]],
            let count = Int(arguments[2]), let seed = UInt64(arguments[3])
        else { throw Failure("expected: fuzz \(decoders.keys.sorted()) <count> <seed>") }
        var fuzzer = Fuzzer(decoder, seed: seed)
        try fuzzer.run(count)
        print("inputs=\(fuzzer.taken + fuzzer.refused) taken=\(fuzzer.taken) refused=\(fuzzer.refused)")
    }
}

/// Why the program ends with an error.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
