// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
public import WingbeatDelivery

/// A fake backend: it keeps the messages that it is sent, and can be made to be away.
public final class RecordingSender: ByteSender {
    private struct State {
        var messages: [[UInt8]] = []
        var trouble: DeliveryError?
        var attempts = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    /// A backend that takes everything.
    public init() {}

    /// The messages that were taken, in their order.
    public var messages: [[UInt8]] { state.withLock { $0.messages } }

    /// The messages as text.
    public var texts: [String] { messages.map { String(decoding: $0, as: UTF8.self) } }

    /// How often a message was sent, taken or not.
    public var attempts: Int { state.withLock { $0.attempts } }

    /// True when the exporter has ended.
    public var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Makes every attempt fail from now on; nil makes them succeed.
    public func fail(with trouble: DeliveryError?) { state.withLock { $0.trouble = trouble } }

    /// Keeps the message, or fails as it was told to.
    public func send(_ bytes: [UInt8]) async throws(DeliveryError) {
        let trouble = state.withLock { state in
            state.attempts += 1
            if state.trouble == nil { state.messages.append(bytes) }
            return state.trouble
        }
        if let trouble { throw trouble }
    }

    /// Remembers that it was closed.
    public func close() async { state.withLock { $0.isClosed = true } }
}
