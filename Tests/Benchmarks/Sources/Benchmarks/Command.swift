// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A command of the shell, run without a thread of its own.
struct Command {
    /// What it wrote on its standard output.
    let output: [UInt8]
    /// Whether it ended with status 0.
    let hasSucceeded: Bool

    /// Runs it to its end; its standard error is ours. Nil when there is no shell.
    init?(_ line: String) {
        guard let pipe = popen(line, "r") else { return nil }
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = fread(&chunk, 1, chunk.count, pipe)
            guard count > 0 else { break }
            output += chunk[..<count]
        }
        hasSucceeded = pclose(pipe) == 0
        self.output = output
    }

    /// A word that the shell takes as it is.
    static func word(_ text: String) -> String {
        "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }
}
