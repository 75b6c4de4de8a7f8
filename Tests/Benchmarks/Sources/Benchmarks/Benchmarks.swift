// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import Foundation

/// Measures all rows, prints the table on standard output and writes `bench.json` into the current directory.
///
/// Rows of one thread come first: they are tied to a core, and no thread of Swift's concurrency runs yet.
@main
enum Benchmarks {
    static func main() {
        do {
            pin_to_current_core()
            let oneThread = MetricsRows.all + LogRows.all + TraceRows.all + RegistrationRows.all
            let manyThreads = CollectorRows.all
            let count = oneThread.count + manyThreads.count
            var rows = try oneThread.enumerated().map { try $1.row(number: $0 + 1, of: count) }
            unpin()
            rows += try manyThreads.enumerated().map { try $1.row(number: oneThread.count + $0 + 1, of: count) }
            print(Table(rows).text)
            try Data(json(of: rows).utf8).write(to: URL(fileURLWithPath: "bench.json"))
        } catch {
            tell("\(error)")
            exit(1)
        }
    }
}

extension Benchmark {
    fileprivate func row(number: Int, of count: Int) throws -> Row {
        tell("[\(number)/\(count)] \(name) …")
        return Row(name: name, reference: reference, measurement: try measure())
    }
}
