// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// A value that one thread at a time uses: only under the lock, hence `@unchecked`.
final class Guarded<Value>: @unchecked Sendable {
    private let lock = ThreadLock()
    private var value: Value

    init(_ value: Value) {
        self.value = value
    }

    func withLock<Result, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
