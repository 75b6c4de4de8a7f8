// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Wakes one waiting task, early or when its time is over.
final class WakeSignal: Sendable {
    private struct State {
        var isSet = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Wakes the waiter, or lets the next one pass at once.
    func set() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            state.isSet = state.waiter == nil
            return state.waiter
        }
        waiter?.resume()
    }

    /// Returns when the signal is set, the time is over, or the task is cancelled.
    func wait(upTo limit: Duration) async {
        let alarm = Task {
            guard (try? await Task.sleep(for: limit)) != nil else { return }
            set()
        }
        defer { alarm.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let passes = state.withLock { state in
                    if state.isSet || Task.isCancelled {
                        state.isSet = false
                        return true
                    }
                    state.waiter = waiter
                    return false
                }
                if passes { waiter.resume() }
            }
        } onCancel: {
            set()
        }
    }
}
