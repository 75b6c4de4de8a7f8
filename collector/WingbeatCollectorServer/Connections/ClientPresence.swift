// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Whether the client of a connection is still there.
final class ClientPresence: Sendable {
    private struct State {
        var hasLeft = false
        var whenItLeaves: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// The client has left.
    func end() {
        let action = state.withLock { state in
            state.hasLeft = true
            return state.whenItLeaves.take()
        }
        action?()
    }

    /// What is to be done once, when the client leaves, or now where it has left already.
    func whenItEnds(_ action: @Sendable @escaping () -> Void) {
        let hasLeft = state.withLock { state in
            if !state.hasLeft { state.whenItLeaves = action }
            return state.hasLeft
        }
        if hasLeft { action() }
    }
}
