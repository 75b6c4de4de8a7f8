// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatCollector

/// Connections for reading that are open but not in use, the most recently used last; each is lent to one query at a
/// time.
final class ConnectionPool: Sendable {
    private struct Idle {
        let path: String
        let connection: Connection
    }

    private let idle = Mutex<[Idle]>([])
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Reads a file.
    func read<Result>(
        _ file: HourFile,
        _ budget: QueryBudget,
        _ body: (HourFileReader) throws -> Result
    ) throws -> Result {
        let connection = try take(file.path) ?? Connection(path: file.path, .reading(isImmutable: file.isClosed))
        let result = try connection.withBudget(budget) { try body(HourFileReader(connection: connection)) }
        give(Idle(path: file.path, connection: connection))
        return result
    }

    /// Closes the connections to a file that changes its nature or goes.
    func forget(_ path: String) {
        let closed = idle.withLock { idle in
            let closed = idle.filter { $0.path == path }
            idle.removeAll { $0.path == path }
            return closed
        }
        withExtendedLifetime(closed) {}  // closed out of the lock
    }

    private func take(_ path: String) -> Connection? {
        idle.withLock { idle in
            idle.lastIndex { $0.path == path }.map { idle.remove(at: $0).connection }
        }
    }

    private func give(_ connection: Idle) {
        let closed = idle.withLock { idle in
            idle.append(connection)
            return idle.count > capacity ? idle.removeFirst() : nil
        }
        withExtendedLifetime(closed) {}
    }
}
