// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Why a batch could not be delivered, and so what to do with it.
public enum DeliveryError: Error, Sendable {
    /// The backend is away or busy: try again, not before the time that it named, if any.
    case temporary(String, retryAfter: Duration? = nil)
    /// The backend will never take this batch: drop it.
    case rejected(String)
}

/// Sends one message of bytes to a backend.
public protocol ByteSender: Sendable {
    /// Sends the message and waits until the backend has taken it. Must throw soon after its task was cancelled: a
    /// service that ends waits for it.
    func send(_ bytes: [UInt8]) async throws(DeliveryError)

    /// Closes connections; nothing is sent after it.
    func close() async
}
