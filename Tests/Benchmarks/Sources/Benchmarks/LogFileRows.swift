// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import Foundation
import WingbeatLogs

/// Log lines that are kept in a file. CPU time of all threads, for ours are written by another than the caller's.
enum LogFileRows {
    static var all: [Benchmark] { [toFile] }

    private static var toFile: Benchmark {
        Benchmark("log line, six pairs, to a file") {
            let folder = try ScratchFolder()
            defer { folder.remove() }
            let path = folder.path + "/log"
            let limitPath = folder.path + "/limit"
            let limit = open(limitPath, O_WRONLY | O_APPEND | O_CREAT, 0o600)
            defer { close(limit) }
            let sink = BufferedSink(to: try FileSink(path: path), configuration: .init(whenFull: .block))
            let pipeline = LogPipeline(encoder: LogfmtEncoder(fields: SixPairs.fields), sink: sink)
            let logger = StructuredLogger(label: "checkout", pipeline: pipeline)
            return Measurement(
                .steadyOfProcess { count in
                    truncate(path, 0)
                    SixPairs.log(count, to: logger)
                    pipeline.flush()
                },
                beside: [
                    Neighbour(
                        "C: one write for each line",
                        .steadyOfProcess { count in
                            truncate(limitPath, 0)
                            limit_log_lines_to(limit, UInt64(count))
                        },
                        target: 0.25
                    ),
                    GoPeer.zerolog.neighbour("JSON, one write for each line", row: "write_file"),
                ]
            )
        }
    }
}
