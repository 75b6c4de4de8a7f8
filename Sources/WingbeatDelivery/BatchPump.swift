// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Metrics
public import ServiceLifecycle
import Synchronization

/// Delivers elements in batches, in the background, and accounts for every one of them:
/// `recorded = exported + dropped + queued`.
///
/// Elements wait in a bounded queue. A batch goes out when it is full or its time has come; while there is more, the
/// next one follows at once. A batch that the backend cannot take for the moment is sent again, after a growing
/// pause, until it is taken; meanwhile the queue fills, and then new elements are dropped. On graceful shutdown and
/// on cancellation alike, what waits is sent within ``Configuration/flushTimeout``; what is left then is dropped.
///
/// The numbers are metrics: `<prefix>.recorded`, `<prefix>.exported`, `<prefix>.dropped` (by reason: `queue_full`,
/// `rejected`, `shutdown`) and `<prefix>.queued`, which includes the batch under way.
public final class BatchPump<Element: Sendable>: Service {
    /// Sizes and times.
    public struct Configuration: Sendable {
        /// How many elements wait at most.
        public var queueCapacity = 8192
        /// How many elements a batch has at most.
        public var batchSize = 512
        /// How long an element waits at most for its batch to fill.
        public var interval: Duration = .seconds(1)
        /// The pauses between attempts.
        public var backoff = Backoff()
        /// How long sending may go on after shutdown began.
        public var flushTimeout: Duration = .seconds(5)

        /// The defaults.
        public init() {}
    }

    private let configuration: Configuration
    private let queue: BoundedQueue<Element>
    private let account: DeliveryAccount
    private let encode: @Sendable ([Element]) -> [UInt8]
    private let sender: any ByteSender
    private let reportTrouble: @Sendable (String) -> Void
    private let isRefused = Atomic<Bool>(false)
    private let wake = WakeSignal()

    /// - Parameters:
    ///   - configuration: sizes and times.
    ///   - prefix: how the names of the metrics begin.
    ///   - dimensions: labels of all these metrics.
    ///   - factory: where the metrics are kept.
    ///   - sender: where batches go; closed when ``run()`` ends.
    ///   - reportTrouble: called with a sentence for a person: when an outage begins, when it is over, when the backend
    ///     refuses a batch and had taken the one before, and when something is left at the end.
    ///   - encode: writes a batch as one message.
    public init(
        configuration: Configuration = Configuration(),
        prefix: String,
        dimensions: [(String, String)] = [],
        factory: any MetricsFactory,
        sender: any ByteSender,
        reportTrouble: @escaping @Sendable (String) -> Void = { _ in },
        encode: @escaping @Sendable ([Element]) -> [UInt8]
    ) {
        var configuration = configuration
        configuration.batchSize = max(configuration.batchSize, 1)
        self.configuration = configuration
        queue = BoundedQueue(capacity: configuration.queueCapacity)
        account = DeliveryAccount(prefix: prefix, dimensions: dimensions, factory: factory)
        self.sender = sender
        self.reportTrouble = reportTrouble
        self.encode = encode
    }

    /// Takes an element; when the queue is full it is dropped and counted. Never blocks.
    public func offer(_ element: Element) {
        guard let waiting = queue.offer(element, willWait: account.queued) else { return account.foundNoRoom() }
        if waiting == configuration.batchSize { wake.set() }
    }

    /// Delivers until the task is cancelled or its service group shuts down, then flushes. Never throws: a backend
    /// that is away is no reason to end a service.
    public func run() async {
        let work = Task { await deliverUntilCancelled() }
        let unsent = await withTaskCancellationOrGracefulShutdownHandler {
            await work.value
        } onCancelOrGracefulShutdown: {
            work.cancel()
        }
        await Task { await flush(unsent) }.value  // a task of its own: this one may be cancelled already
    }

    /// - Returns: the batch that was under way when the task was cancelled.
    private func deliverUntilCancelled() async -> [Element] {
        while !Task.isCancelled {
            await wake.wait(upTo: configuration.interval)
            while !Task.isCancelled {
                let batch = queue.take(atMost: configuration.batchSize)
                if batch.isEmpty { break }
                guard await deliver(batch) else { return batch }
                if queue.count < configuration.batchSize { break }
            }
        }
        return []
    }

    /// - Returns: false when the task was cancelled before the batch could be delivered.
    private func deliver(_ batch: [Element]) async -> Bool {
        var failures = 0
        let message = encode(batch)
        while !Task.isCancelled {
            do throws(DeliveryError) {
                try await sender.send(message)
                exported(batch)
                if failures > 0 { reportTrouble("the backend takes them again") }
                return true
            } catch {
                guard case .temporary(let reason, let retryAfter) = error else {
                    rejected(batch, error)
                    return true
                }
                failures += 1
                if failures == 1, !Task.isCancelled {
                    reportTrouble("cannot be delivered, and wait until they can be: \(reason)")
                }
                let pause = max(configuration.backoff.delay(afterFailures: failures), retryAfter ?? .zero)
                try? await Task.sleep(for: min(pause, longestPause))
            }
        }
        return false
    }

    private func exported(_ batch: [Element]) {
        account.exported(batch.count)
        isRefused.store(false, ordering: .relaxed)
    }

    private func rejected(_ batch: [Element], _ error: DeliveryError) {
        account.dropped(batch.count, .rejected)
        guard !isRefused.exchange(true, ordering: .relaxed), case .rejected(let reason) = error else { return }
        reportTrouble("refused and dropped: \(reason)")
    }

    /// Sends what waits, one attempt a batch, until the time is over or the backend fails.
    private func flush(_ unsent: [Element]) async {
        let deadline = ContinuousClock.now + configuration.flushTimeout
        var batch = unsent.isEmpty ? queue.take(atMost: configuration.batchSize) : unsent
        while !batch.isEmpty {
            guard await deliverOnce(batch, until: deadline) else { break }
            batch = queue.take(atMost: configuration.batchSize)
        }
        let left = batch.count + queue.take(atMost: .max).count
        account.dropped(left, .shutdown)
        if left > 0 { reportTrouble("\(left) are dropped, for they could not be delivered before the end") }
        await sender.close()
    }

    /// - Returns: false when the backend is away or the time is over.
    private func deliverOnce(_ batch: [Element], until deadline: ContinuousClock.Instant) async -> Bool {
        let message = encode(batch)
        let sending = Task { [sender] () -> DeliveryError? in
            do throws(DeliveryError) {
                try await sender.send(message)
                return nil
            } catch {
                return error
            }
        }
        let alarm = Task {
            try await Task.sleep(until: deadline, clock: .continuous)
            sending.cancel()
        }
        defer { alarm.cancel() }
        switch await sending.value {
        case nil: exported(batch)
        case .rejected(let reason): rejected(batch, .rejected(reason))
        case .temporary: return false
        }
        return true
    }
}

/// A backend that asks for a longer pause is asked again after this one.
private let longestPause: Duration = .seconds(3600)
