// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation

// Stress THREADS INCREMENTS SERIES: prints what was not as it should be, as JSON.
let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
guard numbers.count == 3 else {
    print("expected three numbers: threads, increments of each, series")
    exit(64)
}
let stress = CounterStress(threads: numbers[0], increments: numbers[1], series: numbers[2])
let outcome = stress.run()
let exact = Double(stress.threads * stress.increments / stress.series)
print(
    """
    {"wrong_sums": \(outcome.sums.filter { $0 != exact }.count), "observed": \(outcome.observed), \
    "shrunk": \(outcome.shrunk), "readings": \(outcome.readings)}
    """
)
