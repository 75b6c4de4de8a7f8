// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// `CodecProbe convert <decoder> <encoder>`: reads spans from standard input, and writes them to standard output.
enum ConvertProbe {
    static func run(_ arguments: [String]) throws {
        guard arguments.count == 2, let decoder = CodecProbe.decoders[arguments[0]],
            let encode = CodecProbe.encoders[arguments[1]]
        else {
            throw Failure("expected \(CodecProbe.decoders.keys.sorted()) and \(CodecProbe.encoders.keys.sorted())")
        }
        let input = Array(FileHandle.standardInput.readDataToEndOfFile())
        FileHandle.standardOutput.write(Data(encode(try decoder.decode(input))))
    }
}
