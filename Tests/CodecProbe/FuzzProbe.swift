// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// `CodecProbe fuzz <decoder> <count of inputs> <seed>`: prints how many inputs were taken and refused. A trap ends it by
/// a signal, a broken promise with an error.
enum FuzzProbe {
    static func run(_ arguments: [String]) throws {
        guard arguments.count == 3, let decoder = CodecProbe.decoders[arguments[0]], let count = Int(arguments[1]),
            let seed = UInt64(arguments[2])
        else { throw Failure("expected \(CodecProbe.decoders.keys.sorted()) <count> <seed>") }
        var fuzzer = Fuzzer(decoder, seed: seed)
        try fuzzer.run(count)
        print("inputs=\(fuzzer.taken + fuzzer.refused) taken=\(fuzzer.taken) refused=\(fuzzer.refused)")
    }
}
