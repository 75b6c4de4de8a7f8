// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Wakes one waiting task, early or when its time is over.
@usableFromInline
package final class WakeSignal: Sendable {
    private struct State {
        var isSet = false
        /// The time was over before the waiter had sat down.
        var isOver = false
        /// Tells one wait from another, so that the alarm of an earlier one is not heard.
        var number: UInt = 0
        var waiter: CheckedContinuation<Bool, Never>?
    }

    private let state = Mutex(State())

    /// Not set.
    package init() {}

    /// Wakes the waiter, or lets the next one pass at once.
    @usableFromInline
    package func set() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            state.isSet = state.waiter == nil
            return state.waiter
        }
        waiter?.resume(returning: false)
    }

    /// Returns when the signal is set, the time is over, or the task is cancelled.
    ///
    /// - Returns: whether the time was over.
    package func wait(upTo limit: Duration) async -> Bool {
        let number = state.withLock { state in
            state.number &+= 1
            state.isOver = false
            return state.number
        }
        let alarm = Task {
            guard (try? await Task.sleep(for: limit)) != nil else { return }
            ring(number)
        }
        defer { alarm.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let isOver: Bool? = state.withLock { state in
                    if state.isSet || state.isOver || Task.isCancelled {
                        state.isSet = false
                        return state.isOver
                    }
                    state.waiter = waiter
                    return nil
                }
                if let isOver { waiter.resume(returning: isOver) }
            }
        } onCancel: {
            set()
        }
    }

    /// The time of a wait is over.
    private func ring(_ number: UInt) {
        let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard state.number == number else { return nil }
            defer { state.waiter = nil }
            state.isOver = state.waiter == nil
            return state.waiter
        }
        waiter?.resume(returning: true)
    }
}
