// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatCells

/// A value that is touched only under its lock.
///
/// Like `Mutex` of the standard library, but the thread sanitizer sees this lock, so that it can check what is done
/// without one.
final class Locked<Value>: @unchecked Sendable {
    private let lock = wingbeat_lock_make()
    private var value: Value

    init(_ value: sending Value) {
        self.value = value
    }

    deinit {
        wingbeat_lock_free(lock)
    }

    func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        wingbeat_lock_acquire(lock)
        defer { wingbeat_lock_release(lock) }
        return body(&value)
    }
}
