// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import WingbeatLogs

/// An event as `log_events.py` writes it: every value is text, that of the kind `bytes` in base64.
struct LoggedEvent: Decodable {
    let level: Logger.Level
    let message: String
    let pairs: [Pair]

    struct Pair: Decodable {
        let key: String
        let kind: Kind
        let value: String
    }

    enum Kind: String, Decodable {
        case text, bytes, int, unsigned, double, bool, null, error
    }

    /// Reads the events of standard input, one on each line.
    static func readAll() throws -> [LoggedEvent] {
        let decoder = JSONDecoder()
        let input = try FileHandle.standardInput.readToEnd() ?? Data()
        return try input.split(separator: UInt8(ascii: "\n")).map { try decoder.decode(LoggedEvent.self, from: $0) }
    }
}

extension LoggedEvent.Pair {
    /// The value as a program would log it.
    func logged() throws -> (key: String, value: LogValue) {
        guard let value = logValue else { throw Misuse("a value of the kind \(kind) in \(self)") }
        return (key, value)
    }

    private var logValue: LogValue? {
        switch kind {
        case .text: value.logValue
        case .bytes: Data(base64Encoded: value).map { .bytes(Array($0)) }
        case .int: Int64(value)?.logValue
        case .unsigned: UInt64(value)?.logValue
        case .double: Double(value)?.logValue
        case .bool: Bool(value)?.logValue
        case .null: .null
        case .error: LogValue(describing: OddError(description: value))
        }
    }
}

/// An error that says what it is told.
private struct OddError: Error, CustomStringConvertible {
    let description: String
}
