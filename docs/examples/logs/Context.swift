// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Wingbeat

/// Pairs of every line of a part of the program.
func writeInContext(_ log: StructuredLogger) {
    let queue = [1, 2, 3]
    var log = log.with(("request", "r-7"), ("user", "ann"))
    log = log.with("queued") { queue.count }  // asked for at each line
    log = log.with(("component", "cart"), at: .prefix)
    log = log.with(("shard", 3), at: .suffix)
    log.info("item added", ("item", "bolt"))
}

/// Both kinds of loggers, made of each other.
func mixLoggers(_ log: StructuredLogger) {
    // For a library that takes swift-log's logger …
    let logger = log.with(("request", "r-7")).logger
    logger.info("fetched", metadata: ["bytes": "512"])

    // … and where a framework hands one out.
    if let log = StructuredLogger(logger) { log.info("done", ("status", 200)) }
}
