// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import WingbeatLogs

// Stress THREADS INCREMENTS SERIES, Stress logs THREADS LINES, or Stress spans THREADS ROUNDS: prints what was not as it
// should be, as JSON.
let words = CommandLine.arguments.dropFirst().filter { Int($0) == nil }
let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
switch (words.first, numbers.count) {
case (nil, 3):
    stressCounters(CounterStress(threads: numbers[0], increments: numbers[1], series: numbers[2]))
case ("spans", 2):
    stressSpans(SpanStress(threads: numbers[0], rounds: numbers[1], sharesSpans: false))
case ("logs", 2):
    let outcomes = try [
        stressSinks(SinkStress(threads: numbers[0], lines: numbers[1], policy: .block)),
        // A small buffer, so that lines are refused although the sanitizer slows the threads down.
        stressSinks(SinkStress(threads: numbers[0], lines: numbers[1], policy: .drop, capacity: 4_096)),
    ]
    print("[\(outcomes.joined(separator: ", "))]")
default:
    print(
        "expected threads, increments of each and series; or a word and two numbers: logs, threads, lines; spans, threads, rounds"
    )
    exit(64)
}

func stressCounters(_ stress: CounterStress) {
    let outcome = stress.run()
    let exact = Double(stress.threads * stress.increments / stress.series)
    print(
        """
        {"wrong_sums": \(outcome.sums.filter { $0 != exact }.count), "observed": \(outcome.observed), \
        "shrunk": \(outcome.shrunk), "readings": \(outcome.readings)}
        """
    )
}

func stressSpans(_ stress: SpanStress) {
    let outcome = stress.run()
    print(
        """
        {"started": \(outcome.totals.started), "finished": \(outcome.totals.finished), \
        "forgotten": \(outcome.totals.forgotten), "reported": \(outcome.reported), "wrong": \(outcome.wrong)}
        """
    )
}

func stressSinks(_ stress: SinkStress) throws -> String {
    let outcome = try stress.run(path: NSTemporaryDirectory() + "stress-\(ProcessInfo.processInfo.processIdentifier)")
    return """
        {"kept": \(outcome.kept), "refused": \(outcome.refused), "lost": \(outcome.lost), "wrong": \(outcome.wrong), \
        "missing": \(stress.runShortLived(count: 50))}
        """
}
