// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

let stress = CounterStress(threads: 30, increments: 4_000, series: 200, atOnce: 6)
let outcome = stress.run()
let sum = outcome.sums.reduce(0, +)
print(
    "sum \(Int(sum)) of \(stress.threads * stress.increments), observed \(outcome.observed), shrunk \(outcome.shrunk)"
)
