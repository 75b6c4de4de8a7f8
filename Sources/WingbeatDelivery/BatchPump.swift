// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Metrics
public import ServiceLifecycle
import Synchronization

/// Delivers elements in batches, in the background, and accounts for every one of them:
/// `recorded = exported + dropped + queued`, at every reading.
///
/// Elements wait in a queue that is bounded by their number and by their bytes. A batch goes out when it is full; when
/// its time has come, everything that waits goes out. A batch that the backend cannot take for the moment is sent again,
/// after a growing pause: for as long as it takes while the backend cannot be reached, and within
/// ``DeliveryConfiguration/retryLimit`` when it answers. Meanwhile the queue fills, and then new elements are dropped;
/// with a spool they go to the disk. A batch that is too large for the backend is sent in halves.
///
/// On graceful shutdown and on cancellation alike, the batch under way may go on, and what waits is sent once, within
/// ``DeliveryConfiguration/flushTimeout``; what is left then is dropped, or stays in the spool.
///
/// The numbers are metrics: `<prefix>.recorded`, `<prefix>.exported`, `<prefix>.dropped` (by reason: `queue_full`,
/// `rejected`, `expired`, `shutdown`) and `<prefix>.queued`, which includes the batch under way. With a spool, there are
/// `<prefix>.recovered`, what an earlier process left there, which is not in `recorded`, and `<prefix>.spool.damages`.
public final class BatchPump<Element: Sendable>: Service {
    /// Sizes and times.
    public typealias Configuration = DeliveryConfiguration

    @usableFromInline let queue: BoundedQueue<Element>
    @usableFromInline let wake = WakeSignal()
    @usableFromInline let batchSize: Int
    private let job: Job
    private let account: DeliveryAccount

    /// What a ``Courier`` needs to know.
    struct Job: Sendable {
        let configuration: DeliveryConfiguration
        let spool: DiskSpool?
        let sender: any ByteSender
        let reportTrouble: @Sendable (String) -> Void
        let encode: @Sendable ([Element]) -> [UInt8]
        let release: @Sendable (consuming [Element]) -> Void
    }

    /// - Parameters:
    ///   - configuration: sizes and times.
    ///   - prefix: how the names of the metrics begin.
    ///   - dimensions: labels of all these metrics.
    ///   - noun: what the elements are, for the metrics' help texts.
    ///   - factory: where the metrics are kept. Another one than Wingbeat's registry is told at each interval.
    ///   - spool: where batches wait on disk while the backend is away; nil for nowhere.
    ///   - sender: where batches go; closed when ``run()`` ends.
    ///   - reportTrouble: called with a sentence for a person: when an outage begins, when it is over, when the backend
    ///     refuses a batch and had taken the one before, and when something is left at the end.
    ///   - release: takes elements back that are settled, whatever became of them.
    ///   - encode: writes a batch as one message; called once a batch, and again for the halves of one that is too
    ///     large.
    public init(
        configuration: DeliveryConfiguration = DeliveryConfiguration(),
        prefix: String,
        dimensions: [(String, String)] = [],
        noun: String = "Elements",
        factory: any MetricsFactory,
        spool: DiskSpool? = nil,
        sender: any ByteSender,
        reportTrouble: @escaping @Sendable (String) -> Void = { _ in },
        release: @escaping @Sendable (consuming [Element]) -> Void = { _ in },
        encode: @escaping @Sendable ([Element]) -> [UInt8]
    ) {
        let queue = BoundedQueue<Element>(
            capacity: configuration.queueCapacity,
            byteCapacity: configuration.queueByteCapacity
        )
        var configuration = configuration
        configuration.batchSize = min(max(configuration.batchSize, 1), queue.capacity)
        batchSize = configuration.batchSize
        self.queue = queue
        account = DeliveryAccount(
            prefix: prefix,
            dimensions: dimensions,
            noun: noun,
            hasSpool: spool != nil,
            factory: factory,
            read: { (queue.counts, queue.isClosed) }
        )
        job = Job(
            configuration: configuration,
            spool: spool,
            sender: sender,
            reportTrouble: reportTrouble,
            encode: encode,
            release: release
        )
    }

    deinit {
        queue.close()
        account.publish()
    }

    /// What became of all elements so far, at one moment.
    public var counts: DeliveryCounts { queue.counts }

    /// Takes an element; when the queue is full it is dropped and counted. Never blocks.
    ///
    /// - Parameters:
    ///   - element: what is to be sent.
    ///   - size: about how many bytes of memory it takes.
    @inlinable
    public func offer(_ element: Element, size: Int = 0) {
        if queue.offer(element, size: size) == batchSize { wake.set() }
    }

    /// Takes back what waits, as if it had never been offered, for it goes another way.
    package func withdraw() -> [Element] { queue.withdraw() }

    /// Delivers until the task is cancelled or its service group shuts down, then flushes. Never throws: a backend
    /// that is away is no reason to end a service. It may be run again when it has ended.
    public func run() async {
        let ending = Ending()
        let work = Task { [job, queue, wake, account] in
            await Courier(job, queue, wake, account, ending).work()
        }
        await withTaskCancellationOrGracefulShutdownHandler {
            await work.value
        } onCancelOrGracefulShutdown: { [job, wake] in
            guard ending.begin() else { return }
            wake.set()
            Task {
                try? await Task.sleep(for: job.configuration.flushTimeout)
                work.cancel()
            }
        }
    }
}

/// The end of a run: once it has begun, there are no more pauses and no second attempts.
final class Ending: Sendable {
    private let isBegun = Atomic<Bool>(false)
    private let wake = WakeSignal()

    var hasBegun: Bool { isBegun.load(ordering: .acquiring) }

    /// - Returns: false when it had begun before.
    func begin() -> Bool {
        guard !isBegun.exchange(true, ordering: .acquiringAndReleasing) else { return false }
        wake.set()
        return true
    }

    /// Waits for the end, or until the time is over.
    func wait(upTo limit: Duration) async {
        guard !hasBegun else { return }
        _ = await wake.wait(upTo: limit)
    }
}
