// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Wingbeat

/// logfmt for systemd's journal, which takes the priority from `<6>` at the beginning of a line and knows the time
/// itself. Source: sd-daemon(3).
struct JournalEncoder: LogEncoder {
    private let logfmt = LogfmtEncoder(fields: .fewest)

    func begin(_ record: borrowing LogRecord, in line: inout LogLine) {
        line.append("<")
        line.append(decimal: priority(of: record.level))
        line.append(">")
        logfmt.begin(record, in: &line)
    }

    func append(_ key: LogKey, _ value: consuming LogValue, to line: inout LogLine) {
        logfmt.append(key, value, to: &line)
    }

    func end(_ line: inout LogLine) {
        logfmt.end(&line)
    }

    private func priority(of level: Logger.Level) -> UInt64 {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
