// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Synchronization
import WingbeatLogs

/// Many threads log through one buffer to a file, which is reopened again and again, and then the file is read.
///
/// Tests/ThreadSanitizer compiles this file, too.
struct SinkStress: Sendable {
    var threads = 8
    var lines = 100_000
    var policy = BufferedSink.FullPolicy.block
    var capacity = 65_536

    struct Outcome: Sendable {
        /// Lines that the sink did not take.
        var refused = 0
        /// Lines that it took and lost.
        var lost = 0
        /// Whole lines that are in the file.
        var kept = 0
        /// Lines that are not whole, or not behind the one that their thread wrote before.
        var wrong = 0
    }

    /// Logs to a new file of that path, and removes it.
    func run(path: String) throws -> Outcome {
        defer { unlink(path) }
        let file = try FileSink(path: path)
        let configuration = BufferedSink.Configuration(
            capacity: capacity,
            interval: .milliseconds(1),
            whenFull: policy,
            flushTimeout: .seconds(60)
        )
        let sink = BufferedSink(to: file, configuration: configuration)
        let refused = Atomic<Int>(0)
        inThreads { number in
            for line in 0..<lines {
                if !write(number, line, to: sink) { refused.add(1, ordering: .relaxed) }
                if line.isMultiple(of: 2_000) {
                    sink.flush()
                    try? file.reopen()
                }
            }
        }
        sink.flush()
        var outcome = check(try Data(contentsOf: URL(fileURLWithPath: path)))
        outcome.refused = refused.load(ordering: .relaxed)
        outcome.lost = Int(sink.lostLines)
        return outcome
    }

    /// Makes buffers that soon go, on all threads, and counts the lines that are not there afterwards.
    func runShortLived(count: Int) -> Int {
        let missing = Atomic<Int>(0)
        inThreads { number in
            for _ in 0..<count {
                let counting = CountingSink()
                writeAndLetGo(number, counting)
                missing.add(10 - counting.lines.load(ordering: .acquiring), ordering: .relaxed)
            }
        }
        return missing.load(ordering: .relaxed)
    }

    private func writeAndLetGo(_ number: Int, _ counting: CountingSink) {
        let sink = BufferedSink(to: counting, configuration: .init(flushTimeout: .seconds(60)))
        for line in 0..<10 { _ = write(number, line, to: sink) }
    }

    private final class CountingSink: LogSink {
        let lines = Atomic<Int>(0)
        func write(_ lines: LogLines) { self.lines.add(lines.count, ordering: .releasing) }
    }

    /// A line of its thread, its number and what it is filled with; false when it is not taken.
    private func write(_ thread: Int, _ line: Int, to sink: BufferedSink) -> Bool {
        var bytes = Array("\(thread) \(line) ".utf8)
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "x"), count: filling(line)))
        bytes.append(UInt8(ascii: "\n"))
        return bytes.withUnsafeBytes { bytes in
            let level = line % 10_000 == 9_999 ? Logger.Level.error : .info
            return (try? sink.write(LogLines(bytes: bytes, count: 1, level: level))) != nil
        }
    }

    /// Most lines are short, some are larger than a piece of the buffer.
    private func filling(_ line: Int) -> Int { line % 5_000 == 4_999 ? 20_000 : line % 40 }

    private func check(_ data: Data) -> Outcome {
        var outcome = Outcome()
        var last = [Int](repeating: -1, count: threads)
        for text in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
            let fields = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
            let numbers = fields.prefix(2).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
            if fields.count == 3, numbers.count == 2, last.indices.contains(numbers[0]), numbers[1] > last[numbers[0]],
                fields[2].count == filling(numbers[1])
            {
                last[numbers[0]] = numbers[1]
                outcome.kept += 1
            } else {
                outcome.wrong += 1
            }
        }
        return outcome
    }

    private func inThreads(_ body: @escaping @Sendable (Int) -> Void) {
        let ended = DispatchSemaphore(value: 0)
        for number in 0..<threads {
            Thread {
                body(number)
                ended.signal()
            }.start()
        }
        for _ in 0..<threads { ended.wait() }
    }
}
