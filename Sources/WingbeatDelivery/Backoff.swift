// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// How long to wait before the next attempt: twice as long each time, with a random part so that many senders do not
/// come back at once.
public struct Backoff: Sendable {
    /// The wait after the first failure, before its random part.
    public var initial: Duration
    /// The longest wait.
    public var maximum: Duration

    /// Waits from `initial` to `maximum`.
    public init(initial: Duration = .milliseconds(250), maximum: Duration = .seconds(30)) {
        self.initial = initial
        self.maximum = maximum
    }

    /// The wait after a number of failures in a row (at least one): between a half and the whole of the doubled time.
    public func delay(afterFailures failures: Int) -> Duration {
        let doublings = min(max(failures, 1) - 1, 30)
        let whole = min(initial * (1 << doublings), maximum)
        return whole * Double.random(in: 0.5...1)
    }
}
