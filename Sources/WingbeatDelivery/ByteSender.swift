// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Why a batch could not be delivered, or not all of it, and so what to do with it.
public enum DeliveryError: Error, Sendable {
    /// The backend cannot be reached: try again, for as long as there is room to wait.
    case unreachable(String)
    /// The backend answers that it cannot take the batch for the moment: try again for a while, not before the time
    /// that it named, if any.
    case temporary(String, retryAfter: Duration? = nil)
    /// The batch is too large for the backend: send its halves.
    case tooLarge(String)
    /// The backend took the batch, but for so many elements (perhaps none) of which it says why.
    case partlyRejected(count: Int, String)
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
