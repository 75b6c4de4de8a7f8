// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector

/// Why a server did not do what it was asked.
enum ClickHouseFailure: Error {
    /// There is no answer: it cannot be reached, or the connection broke.
    case unreachable(String)
    /// It took longer than it may.
    case timeout
    /// It says no, with one of ClickHouse's error codes (zero when it names none).
    case refused(code: Int, String)
    /// The answer has more bytes than are taken.
    case tooLarge(limit: Int)

    /// True when another server, or the same one later, may do it.
    var mayPass: Bool {
        switch self {
        case .unreachable: true
        case .refused(let code, _): Self.passingCodes.contains(code) || isMissingTable
        case .timeout, .tooLarge: false
        }
    }

    /// True when a table or the database is not there: the server was set up anew.
    var isMissingTable: Bool {
        if case .refused(let code, _) = self { return code == 60 || code == 81 }
        return false
    }

    /// True when time was over, ours or the server's (`TIMEOUT_EXCEEDED`).
    var isTimeout: Bool {
        switch self {
        case .timeout, .refused(code: 159, _): true
        default: false
        }
    }

    /// What the callers of a store get to know.
    var storeError: SpanStoreError {
        switch self {
        case _ where isTimeout, .timeout: .timeout
        case .unreachable(let reason): .unavailable("ClickHouse cannot be reached: \(reason)")
        case .refused(_, let reason): .unavailable("ClickHouse refuses: \(reason)")
        case .tooLarge(let limit):
            .unavailable("ClickHouse's answer has more than \(limit >> 20) MiB; narrow the query down")
        }
    }

    /// Too many queries, broken networks, no memory, no disk, too many parts, no ZooKeeper, a read-only replica, an
    /// insert of which the server does not know whether it was made.
    ///
    /// Source: ClickHouse's `src/Common/ErrorCodes.cpp`.
    private static let passingCodes: Set<Int> = [
        202, 209, 210, 225, 236, 241, 242, 243, 252, 285, 286, 319, 394, 473, 999,
    ]
}
