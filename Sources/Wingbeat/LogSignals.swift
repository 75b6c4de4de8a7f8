// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import ServiceLifecycle
import UnixSignals
import WingbeatLogs

/// Changes a pipeline when the process gets a signal.
struct LogSignals: Service {
    let pipeline: LogPipeline

    /// Runs until cancellation or graceful shutdown.
    func run() async {
        let signals = await UnixSignalsSequence(trapping: .sighup, .sigusr1, .sigusr2)
        for await signal in signals.cancelOnGracefulShutdown() { react(to: signal) }
    }

    private func react(to signal: UnixSignal) {
        switch signal {
        case .sigusr1: moveLevel(by: -1)
        case .sigusr2: moveLevel(by: 1)
        default: reopen()
        }
    }

    private func moveLevel(by step: Int) {
        let levels = Logger.Level.allCases
        guard let index = levels.firstIndex(of: pipeline.level), levels.indices.contains(index + step) else { return }
        pipeline.level = levels[index + step]
        logger.notice("log level changed", metadata: ["level_now": .string(pipeline.level.rawValue)])
    }

    private func reopen() {
        do {
            try pipeline.reopen()
        } catch {
            logger.error("the log file cannot be opened anew", error: error)
        }
    }

    private var logger: Logger {
        Logger(label: "wingbeat.logs") { WingbeatLogHandler(label: $0, pipeline: pipeline) }
    }
}
