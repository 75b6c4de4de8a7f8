// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import ServiceLifecycle
import Synchronization
public import WingbeatDelivery
public import WingbeatMetrics
import WingbeatModel

/// Reads a registry at an interval and sends what it read to a backend.
///
/// Any number of exporters read one registry; each keeps only what it has told its backend already. A message that the
/// backend cannot take for the moment waits in a bounded queue and is sent again, after growing pauses; when the queue
/// is full new messages are dropped and counted: `recorded = exported + dropped + queued`, in the metrics
/// `wingbeat.exporter.recorded`, `.exported`, `.dropped` and `.queued` with the label `exporter`. On shutdown the
/// registry is read once more, and what waits is sent within the flush timeout.
public final class PushExporter: Service {
    /// Times and sizes.
    public struct Configuration: Sendable {
        /// How often the registry is read.
        public var interval: Duration = .seconds(10)
        /// True to send what happened since the flush before; false to send sums since the start.
        public var sendsDifferences = true
        /// True when the encoder reads quantiles, for which histograms then keep finer buckets.
        public var wantsQuantiles = false
        /// The queue of messages: `queueCapacity` messages of the encoder's size.
        public var delivery: BatchPump<[UInt8]>.Configuration = .init()

        /// The defaults.
        public init() {
            delivery.batchSize = 1
            delivery.backoff = Backoff(initial: .milliseconds(250), maximum: .seconds(5))
        }
    }

    /// The name in the label `exporter` and in warnings, such as `graphite`.
    public let name: String
    private let registry: MetricRegistry
    private let encoder: any MetricEncoder
    private let configuration: Configuration
    private let clock: any Clock<Duration>
    private let pump: BatchPump<[UInt8]>
    private let onStart: @Sendable (_ report: (String) -> Void) -> Void
    private let onEnd: @Sendable () -> Void
    private let window = Mutex(MetricWindow())
    private let listeners: TroubleListeners

    /// - Parameters:
    ///   - name: what the exporter is called in metrics and warnings.
    ///   - registry: what is read.
    ///   - encoder: the language of the backend.
    ///   - sender: the way to the backend.
    ///   - configuration: times and sizes.
    ///   - clock: measures the interval; another one is for tests.
    ///   - reportTrouble: called with a sentence for a person when delivery stops, goes on, or loses something.
    ///   - onStart: called when ``run()`` begins, such as to attach a tap to the registry; may report trouble.
    ///   - onEnd: called when ``run()`` has read the registry for the last time, such as to detach a tap from it.
    public init(
        name: String,
        registry: MetricRegistry,
        encoder: any MetricEncoder,
        sender: any ByteSender,
        configuration: Configuration = Configuration(),
        clock: any Clock<Duration> = ContinuousClock(),
        reportTrouble: @escaping @Sendable (String) -> Void = { _ in },
        onStart: @escaping @Sendable (_ report: (String) -> Void) -> Void = { _ in },
        onEnd: @escaping @Sendable () -> Void = {}
    ) {
        let listeners = TroubleListeners(reportTrouble)
        self.listeners = listeners
        self.onStart = onStart
        self.onEnd = onEnd
        self.name = name
        self.registry = registry
        self.encoder = encoder
        self.configuration = configuration
        self.clock = clock
        pump = BatchPump(
            configuration: configuration.delivery,
            prefix: "wingbeat.exporter",
            dimensions: [("exporter", name)],
            factory: registry,
            sender: sender,
            reportTrouble: { listeners.report("\(name): \($0)") },
            encode: { $0.count == 1 ? $0[0] : $0.flatMap(\.self) }
        )
    }

    /// Adds someone who is told of trouble: when delivery stops, goes on, or loses something.
    public func onTrouble(_ report: @escaping @Sendable (String) -> Void) { listeners.add(report) }

    /// Tells them of trouble that only the encoder or the sender knows.
    package func report(_ sentence: String) { listeners.report("\(name): \(sentence)") }

    /// Exports until the task is cancelled or its service group shuts down. Never throws: a backend that is away is no
    /// reason to end a service.
    public func run() async {
        onStart { listeners.report("\(name): \($0)") }
        let pumping = Task.detached { [pump] in await pump.run() }  // ends after the last reading, not at shutdown
        if configuration.wantsQuantiles { registry.keepSketches() }
        defer { if configuration.wantsQuantiles { registry.releaseSketches() } }
        let reading = Task { await readAtIntervals() }
        await withTaskCancellationOrGracefulShutdownHandler {
            await reading.value
            flush()
            onEnd()
            pumping.cancel()
            await pumping.value
        } onCancelOrGracefulShutdown: {
            reading.cancel()
        }
    }

    /// Reads the registry now and queues the messages.
    public func flush() {
        for message in encoder.encode(read(), at: unixNanoseconds()) { pump.offer(message) }
    }

    /// Reads under the lock, so that of two flushes at once none advances the window to the older reading.
    private func read() -> MetricSnapshot {
        guard configuration.sendsDifferences else { return registry.snapshot() }
        return window.withLock { $0.advance(to: registry.snapshot()) }
    }

    private func readAtIntervals() async {
        while (try? await clock.sleep(for: configuration.interval)) != nil { flush() }
    }
}

private final class TroubleListeners: Sendable {
    private let listeners: Mutex<[@Sendable (String) -> Void]>

    init(_ first: @escaping @Sendable (String) -> Void) {
        listeners = Mutex([first])
    }

    func add(_ listener: @escaping @Sendable (String) -> Void) { listeners.withLock { $0.append(listener) } }

    func report(_ sentence: String) {
        for listener in listeners.withLock({ $0 }) { listener(sentence) }
    }
}
