// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import Logging
import Synchronization
import WingbeatLogs

/// One line through swift-log.
enum LogRows {
    static var all: [Benchmark] { [line] }

    private static var line: Benchmark {
        Benchmark("log line with four pairs") {
            let last = Mutex<[UInt8]>([])
            write(1, to: logger(LastLineSink { line in last.withLock { $0 = line } }))
            if !isLimitLine(last.withLock { $0 }) { tell("the limit writes another line: compare with care") }
            let logger = logger(DiscardingLogSink())
            return Measurement(
                .steady { write($0, to: logger) },
                beside: [Neighbour("C: the same line, clock included", .steady { writeLimit($0) })]
            )
        }
    }

    private static func logger(_ sink: any LogSink) -> Logger {
        let pipeline = LogPipeline(encoder: LogfmtEncoder(), sink: sink, level: .info)
        return Logger(label: "checkout") { WingbeatLogHandler(label: $0, pipeline: pipeline) }
    }

    private static func write(_ count: Int, to logger: Logger) {
        for _ in 0..<count {
            logger.info(
                "request completed",
                metadata: [
                    "method": "GET", "route": "/orders/{id}", "status": .stringConvertible(200),
                    "took_ms": .stringConvertible(12),
                ]
            )
        }
    }

    private static func writeLimit(_ count: Int) {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(LIMIT_LOG_LINE_CAPACITY)) { line in
            guard let start = line.baseAddress else { return }
            for _ in 0..<count {
                black_hole(UInt64(limit_log_line(start, "checkout", "GET", "/orders/{id}", 200, 12)))
            }
        }
    }

    /// Whether both lines are the same behind their time.
    private static func isLimitLine(_ line: [UInt8]) -> Bool {
        let limit = [CChar](unsafeUninitializedCapacity: Int(LIMIT_LOG_LINE_CAPACITY)) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            count = limit_log_line(start, "checkout", "GET", "/orders/{id}", 200, 12)
        }
        let space = UInt8(ascii: " ")
        return line.drop { $0 != space }.elementsEqual(limit.map(UInt8.init(bitPattern:)).drop { $0 != space })
    }
}

/// Forgets every line.
private struct DiscardingLogSink: LogSink {
    func write(_ line: [UInt8]) { black_hole(UInt64(line.count)) }
}

/// Shows each line to somebody.
private struct LastLineSink: LogSink {
    let show: @Sendable ([UInt8]) -> Void

    init(_ show: @escaping @Sendable ([UInt8]) -> Void) { self.show = show }

    func write(_ line: [UInt8]) { show(line) }
}
