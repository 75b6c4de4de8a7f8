// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A result that another thread brings, awaited no longer than the waiting task lives: neither `getaddrinfo` nor the
/// futures of NIO know of cancellation.
final class Arrival<Value: Sendable>: Sendable {
    private enum State {
        case expected
        case awaited(CheckedContinuation<Value, any Error>)
        case over(Result<Value, any Error>)
    }

    private let state = Mutex(State.expected)

    /// Hands over the result; the first one counts.
    ///
    /// - Returns: false when one is there already, such as a cancellation: then the value is still the caller's.
    @discardableResult
    func bring(_ result: Result<Value, any Error>) -> Bool {
        let (isFirst, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Value, any Error>?) in
            switch state {
            case .over: return (false, nil)
            case .expected:
                state = .over(result)
                return (true, nil)
            case .awaited(let waiter):
                state = .over(result)
                return (true, waiter)
            }
        }
        waiter?.resume(with: result)
        return isFirst
    }

    /// Waits for the result; throws `CancellationError` as soon as the task is cancelled. To be called once.
    func value() async throws -> Value {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                let early = state.withLock { state -> Result<Value, any Error>? in
                    if case .over(let result) = state { return result }
                    state = .awaited(waiter)
                    return nil
                }
                if let early { waiter.resume(with: early) }
            }
        } onCancel: {
            bring(.failure(CancellationError()))
        }
    }
}
