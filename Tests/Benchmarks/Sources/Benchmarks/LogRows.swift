// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import Logging
import WingbeatLogs

/// Log lines that nobody keeps.
enum LogRows {
    static var all: [Benchmark] { [logfmt, json, structured, swiftLog, disabled] }

    private static var logfmt: Benchmark {
        Benchmark("log line, six pairs, logfmt") {
            let logger = StructuredLogger(label: "checkout", pipeline: pipeline(LogfmtEncoder(fields: SixPairs.fields)))
            return Measurement(
                .steady { SixPairs.log($0, to: logger) },
                beside: [
                    Neighbour("C: the same line, clock included", .steady { SixPairs.limit($0) }, target: 1.9),
                    GoPeer.zerolog.neighbour("JSON", row: "six_pairs_json", target: 0.35),
                    GoPeer.goKitLog.neighbour("logfmt", row: "six_pairs_logfmt", target: 0.08),
                    GoPeer.logrus.neighbour("logfmt", row: "six_pairs_logfmt"),
                ]
            )
        }
    }

    private static var json: Benchmark {
        Benchmark("log line, six pairs, JSON") {
            let logger = StructuredLogger(
                label: "checkout",
                pipeline: pipeline(JSONLinesEncoder(fields: SixPairs.fields))
            )
            return Measurement(
                .steady { SixPairs.log($0, to: logger) },
                beside: [
                    GoPeer.zerolog.neighbour("JSON", row: "six_pairs_json", target: 0.4),
                    GoPeer.zap.neighbour("JSON", row: "six_pairs_json"),
                    GoPeer.goKitLog.neighbour("JSON", row: "six_pairs_json"),
                    GoPeer.logrus.neighbour("JSON", row: "six_pairs_json"),
                ]
            )
        }
    }

    private static var structured: Benchmark {
        Benchmark("log line, four pairs, StructuredLogger") {
            let logger = StructuredLogger(label: "checkout", pipeline: pipeline(LogfmtEncoder()))
            return Measurement(
                .steady { FourPairs.log($0, to: logger) },
                beside: [
                    Neighbour(
                        "swift-log's StreamLogHandler",
                        .steady { FourPairs.log($0, to: ownHandler) },
                        target: 0.04
                    ),
                    Neighbour("C: the same line, clock included", .steady { FourPairs.limit($0) }),
                ]
            )
        }
    }

    private static var swiftLog: Benchmark {
        Benchmark("log line, four pairs, swift-log") {
            let pipeline = pipeline(LogfmtEncoder())
            let logger = Logger(label: "checkout") { WingbeatLogHandler(label: $0, pipeline: pipeline) }
            return Measurement(
                .steady { FourPairs.log($0, to: logger) },
                beside: [
                    Neighbour(
                        "swift-log's StreamLogHandler",
                        .steady { FourPairs.log($0, to: ownHandler) },
                        target: 0.25
                    )
                ]
            )
        }
    }

    private static var disabled: Benchmark {
        Benchmark("log line whose level is off, six pairs") {
            let pipeline = pipeline(LogfmtEncoder(), level: .warning)
            let logger = StructuredLogger(label: "checkout", pipeline: pipeline)
            let other = Logger(label: "checkout") { WingbeatLogHandler(label: $0, pipeline: pipeline) }
            return Measurement(
                .steady { SixPairs.log($0, to: logger) },
                beside: [
                    GoPeer.zerolog.neighbour("", row: "disabled", target: 0.1),
                    GoPeer.zap.neighbour("", row: "disabled"),
                    GoPeer.goKitLog.neighbour("", row: "disabled"),
                    Neighbour("swift-log with our handler, four pairs", .steady { FourPairs.log($0, to: other) }),
                ]
            )
        }
    }

    private static let ownHandler = Logger(label: "checkout") { label in
        StreamLogHandler(label: label, stream: DiscardingStream())
    }

    private static func pipeline(_ encoder: any LogEncoder, level: Logger.Level = .info) -> LogPipeline {
        LogPipeline(encoder: encoder, sink: DiscardingLogSink(), level: level)
    }
}

/// The line that go-kit/log, zerolog, zap and logrus write, too.
enum SixPairs {
    /// Time, level and message, as the peers have them.
    static let fields = {
        var fields = LogFields()
        fields.logger = false
        return fields
    }()

    static func log(_ count: Int, to logger: StructuredLogger) {
        for number in 0..<count {
            logger.info(
                "request completed",
                ("method", "GET"),
                ("route", "/orders/{id}"),
                ("status", number & 0 + 200),
                ("took_ms", 12),
                ("user", "alice"),
                ("ratio", 0.75)
            )
        }
    }

    static func limit(_ count: Int) {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(LIMIT_LOG_LINE_CAPACITY)) { line in
            guard let start = line.baseAddress else { return }
            for _ in 0..<count {
                black_hole(UInt64(limit_log_line_of_six(start, "GET", "/orders/{id}", 200, 12, "alice", 0.75)))
            }
        }
    }
}

/// The line that swift-log's own handler writes, too.
private enum FourPairs {
    static func log(_ count: Int, to logger: StructuredLogger) {
        for _ in 0..<count {
            logger.info(
                "request completed",
                ("method", "GET"),
                ("route", "/orders/{id}"),
                ("status", 200),
                ("took_ms", 12)
            )
        }
    }

    static func log(_ count: Int, to logger: Logger) {
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

    static func limit(_ count: Int) {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(LIMIT_LOG_LINE_CAPACITY)) { line in
            guard let start = line.baseAddress else { return }
            for _ in 0..<count {
                black_hole(UInt64(limit_log_line(start, "checkout", "GET", "/orders/{id}", 200, 12)))
            }
        }
    }
}

/// Forgets every line.
private struct DiscardingLogSink: LogSink {
    func write(_ lines: LogLines) { black_hole(UInt64(lines.bytes.count)) }
}

/// Forgets every text.
private struct DiscardingStream: TextOutputStream {
    func write(_ text: String) { black_hole(UInt64(text.utf8.count)) }
}
