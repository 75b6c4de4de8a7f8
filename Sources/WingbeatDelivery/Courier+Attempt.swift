// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// What an attempt came to.
enum Attempt {
    /// The books are closed: the backend has it, or it is lost.
    case settled
    /// It should be sent in halves.
    case tooLarge
    /// It may be sent again after a pause.
    case failed(Duration)
}

extension Courier {
    /// Sends a message once.
    func attempt(
        _ message: [UInt8],
        count: Int,
        _ patience: inout Patience,
        isDivisible: Bool
    ) async -> Attempt {
        do throws(DeliveryError) {
            try await job.sender.send(message)
            taken(count, rejected: 0)
            return .settled
        } catch {
            switch error {
            case .tooLarge where isDivisible && count > 1: return .tooLarge
            case .tooLarge(let reason), .rejected(let reason): rejected(count, reason)
            case .partlyRejected(let rejected, let reason):
                partlyTaken(count, rejected: min(max(rejected, 0), count), reason)
            case .unreachable(let reason):
                patience.startAnew()
                return failed(reason, retryAfter: nil)
            case .temporary(let reason, let retryAfter):
                guard patience.isOver, !ending.hasBegun else { return failed(reason, retryAfter: retryAfter) }
                expired(count, reason)
            }
            return .settled
        }
    }

    private func taken(_ count: Int, rejected: Int) {
        queue.settle(count - rejected, .exported)
        queue.settle(rejected, .rejected)
        if outage.end() { job.reportTrouble("the backend takes them again") }
        if rejected == 0 { outage.isRefusalKnown = false }
    }

    private func partlyTaken(_ count: Int, rejected: Int, _ reason: String) {
        taken(count, rejected: rejected)
        guard !outage.isRefusalKnown else { return }
        outage.isRefusalKnown = true
        job.reportTrouble(rejected > 0 ? "\(rejected) of \(count) were refused and dropped: \(reason)" : reason)
    }

    private func rejected(_ count: Int, _ reason: String) {
        queue.settle(count, .rejected)
        _ = outage.end()
        guard !outage.isRefusalKnown else { return }
        outage.isRefusalKnown = true
        job.reportTrouble("refused and dropped: \(reason)")
    }

    private func expired(_ count: Int, _ reason: String) {
        queue.settle(count, .expired)
        job.reportTrouble("\(count) are given up and dropped: \(reason)")
    }

    private func failed(_ reason: String, retryAfter: Duration?) -> Attempt {
        if outage.begin(), !ending.hasBegun {
            job.reportTrouble("cannot be delivered, and wait until they can be: \(reason)")
        }
        let pause = max(job.configuration.backoff.delay(afterFailures: outage.failures), retryAfter ?? .zero)
        return .failed(min(pause, longestPause))
    }
}

/// How often the backend has failed in a row, and what has been told of it.
struct Outage {
    private(set) var failures = 0
    /// Before it the spool is not tried again.
    var nextAttempt = ContinuousClock.now
    /// Whether it was told that the backend refuses something.
    var isRefusalKnown = false

    /// - Returns: whether this is the first failure.
    mutating func begin() -> Bool {
        failures += 1
        return failures == 1
    }

    /// - Returns: whether there was an outage.
    mutating func end() -> Bool {
        defer { failures = 0 }
        return failures > 0
    }

    /// How long to wait for a batch: the interval, or less when something in the spool is to be sent before.
    func wait(within interval: Duration, hasSpooled: Bool) -> Duration {
        hasSpooled ? min(interval, max(ContinuousClock.now.duration(to: nextAttempt), .zero)) : interval
    }
}

/// How long a message is sent again to a backend that answers.
struct Patience {
    let limit: Duration
    private var start: ContinuousClock.Instant?

    init(limit: Duration) {
        self.limit = limit
    }

    /// The backend did not answer at all, which says nothing of the message.
    mutating func startAnew() { start = nil }

    /// Whether the first answer of this kind is long ago; the first call starts the time.
    var isOver: Bool {
        mutating get {
            let now = ContinuousClock.now
            guard let start else {
                start = now
                return limit <= .zero
            }
            return start.duration(to: now) >= limit
        }
    }
}

/// A backend that asks for a longer pause is asked again after this one.
private let longestPause: Duration = .seconds(3600)
