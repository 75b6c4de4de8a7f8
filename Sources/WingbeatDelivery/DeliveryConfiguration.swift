// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Sizes and times of a ``BatchPump``.
public struct DeliveryConfiguration: Sendable {
    /// How many elements wait at most.
    public var queueCapacity = 8192
    /// How many bytes of memory the elements that wait take at most, about: 32 MiB.
    public var queueByteCapacity = 32 << 20
    /// How many elements a batch has at most.
    public var batchSize = 512
    /// How long an element waits at most for its batch to fill.
    public var interval: Duration = .seconds(1)
    /// The pauses between attempts.
    public var backoff = Backoff()
    /// How long a batch is sent again that the backend answers with a temporary failure, such as 503; it is dropped
    /// then, for it may be the batch itself that the backend cannot digest. While the backend cannot be reached at
    /// all, a batch is sent again for as long as it takes.
    public var retryLimit: Duration = .seconds(300)
    /// How long sending may go on after shutdown began.
    public var flushTimeout: Duration = .seconds(5)

    /// The defaults.
    public init() {}
}
