// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// The connections of a server: not more than it wants, and each asked to end when the server does.
final class OpenConnections: Sendable {
    /// The connection is not wanted.
    struct Refused: Error {}

    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isEnding = false
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// Keeps the connection until it is closed.
    func admit(_ channel: any Channel) throws(Refused) {
        let isWelcome = state.withLock { state in
            guard !state.isEnding, state.channels.count < limit else { return false }
            state.channels[ObjectIdentifier(channel)] = channel
            return true
        }
        guard isWelcome else { throw Refused() }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
        }
    }

    /// Admits no more, closes idle connections now, and the others after their answer or when the time is over.
    func quiesce(within limit: TimeAmount) {
        let open = state.withLock { state in
            state.isEnding = true
            return Array(state.channels.values)
        }
        for channel in open {
            channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            channel.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
        }
    }

    func waitUntilClosed() async {
        let open = state.withLock { Array($0.channels.values) }
        for channel in open { try? await channel.closeFuture.get() }
    }
}
