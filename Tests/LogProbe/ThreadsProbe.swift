// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import TestSupport
import WingbeatLogs

/// `LogProbe threads <sink> <threads> <lines>`: each thread logs so many lines to standard output, and the totals of
/// the pipeline go to standard error as a line of JSON. The same again for each line of standard input.
///
/// A line tells its thread, its number in the thread and how many letters of filler there are.
enum ThreadsProbe {
    private static let sinks: [String: any LogSink] = [
        "direct": StandardStreamSink.standardOutput,
        "block": BufferedSink(to: StandardStreamSink.standardOutput, configuration: .init(whenFull: .block)),
        "drop": BufferedSink(to: StandardStreamSink.standardOutput),
    ]

    private static let short = (0..<150).map { String(repeating: "x", count: $0) }
    private static let long = String(repeating: "x", count: 9_000)

    static func run(_ arguments: [String]) throws {
        guard arguments.count == 3, let sink = sinks[arguments[0]], let threads = Int(arguments[1]),
            let lines = Int(arguments[2])
        else { throw Misuse("\(sinks.keys.sorted()), threads and lines") }
        let pipeline = LogPipeline(sink: sink)
        let logger = StructuredLogger(label: "probe", pipeline: pipeline)
        var round = 0
        repeat {
            log(lines * round..<lines * (round + 1), on: threads, to: logger)
            pipeline.flush()
            try tell(pipeline.totals)
            round += 1
        } while readLine() != nil
    }

    private static func log(_ numbers: Range<Int>, on threads: Int, to logger: StructuredLogger) {
        onThreads(threads) { thread in
            for number in numbers {
                let filler = number.isMultiple(of: 1_000) ? long : short[(number * 7 + thread) % short.count]
                let size = filler.utf8.count
                logger.info("at work", ("thread", thread), ("number", number), ("size", size), ("filler", filler))
            }
        }
    }

    private static func tell(_ totals: LogTotals) throws {
        let lines = totals.lines.values.reduce(0, +)
        let told = ["lines": lines, "bytes": totals.bytes, "full": totals.full, "failed": totals.failed]
        FileHandle.standardError.write(try JSONSerialization.data(withJSONObject: told) + Data("\n".utf8))
    }
}
