// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import Foundation

/// Measures the rows, prints the table on standard output and writes `bench.json` into the current directory.
///
/// Rows of one thread come first: they are tied to a core, and no thread of Swift's concurrency runs yet. The first of
/// all is the one that looks at the memory of the process.
@main
enum Benchmarks {
    private static var oneThread: [Benchmark] {
        CardinalityRows.all + CounterRows.oneThread + LookUpRows.oneThread + HistogramRows.oneThread
            + ScrapeRows.oneThread
            + RegistrationRows.all + LogRows.all + LogFileRows.all + TraceRows.all
            + ZipkinCodecRows.all + OTLPCodecRows.all
    }
    private static var manyThreads: [Benchmark] {
        CounterRows.twoThreads + LookUpRows.twoThreads + HistogramRows.twoThreads + ScrapeRows.manyThreads
            + CollectorRows.all
    }

    static func main() {
        guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
            tell(Options.usage)
            exit(2)
        }
        do {
            try run(oneThread.filter(options.admits), manyThreads.filter(options.admits), options)
        } catch {
            tell("\(error)")
            exit(1)
        }
    }

    private static func run(_ oneThread: [Benchmark], _ manyThreads: [Benchmark], _ options: Options) throws {
        guard !options.isListing else { return (oneThread + manyThreads).forEach { print($0.name) } }
        let load = Load()
        GoPeer.buildAll()  // with all cores
        pin_to_current_core()
        var rows = try oneThread.map { try $0.row() }
        unpin()
        rows += try manyThreads.map { try $0.row() }
        print(Table(rows).text)
        print("\nload average before: \(load), after: \(Load())")
        try Data(json(of: rows).utf8).write(to: URL(fileURLWithPath: "bench.json"))
    }
}

extension Benchmark {
    fileprivate func row() throws -> Row {
        tell("\(name) …")
        return Row(name: name, measurement: try measure())
    }
}

/// How many threads of the machine wanted to run, in the mean of a minute.
private struct Load: CustomStringConvertible {
    let description: String

    init() {
        var averages = [0.0]
        description = getloadavg(&averages, 1) == 1 ? rounded(averages[0], digits: 2) : "unknown"
    }
}

/// Writes a line to standard error.
func tell(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}
