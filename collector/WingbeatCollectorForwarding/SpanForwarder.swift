// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Metrics
public import ServiceLifecycle
import Synchronization
public import WingbeatCollector
public import WingbeatDelivery
public import WingbeatModel

/// Sends spans on to another collector, through a queue on disk.
///
/// When ``forward(_:)`` returns, the spans are in a file and outlive a kill of the process (not a loss of power, unless
/// the spool is synced). They are sent in their order, each message until the destination takes it: for as long as it
/// takes while it cannot be reached, for five minutes while it answers with a temporary failure. After a kill the last
/// message may be sent twice; collectors show a span that came twice once.
public final class SpanForwarder: Service {
    /// How many spans a message has at most.
    static let messageSize = 1000

    private let destination: ForwardDestination
    private let sender: any ByteSender
    private let state: Mutex<State>
    private let wake = WakeSignal()
    private let reportTrouble: @Sendable (String) -> Void
    private let backoff = Backoff(maximum: .seconds(5))
    private let retryLimit: Duration = .seconds(300)

    private struct State {
        let spool: OpenSpool
        var counts = ForwardCounts()
        var trouble = ""
    }

    /// Opens the queue; what an earlier process left is sent first.
    ///
    /// - Parameters:
    ///   - destination: where to.
    ///   - spool: the folder of the queue and its size.
    ///   - factory: where the metrics `wingbeat.forward.sent`, `.waiting` and `.dropped` are kept: Wingbeat's registry.
    ///   - reportTrouble: called with a sentence for a person when something changes.
    public convenience init(
        to destination: ForwardDestination,
        spool: DiskSpool,
        factory: any MetricsFactory,
        reportTrouble: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(SpanStoreError) {
        let sender = destination.makeSender()
        try self.init(to: destination, sender, spool: spool, factory: factory, reportTrouble: reportTrouble)
    }

    init(
        to destination: ForwardDestination,
        _ sender: any ByteSender,
        spool: DiskSpool,
        factory: any MetricsFactory,
        reportTrouble: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(SpanStoreError) {
        self.destination = destination
        self.sender = sender
        self.reportTrouble = reportTrouble
        do throws(SpoolError) {
            let open = try OpenSpool(spool)
            var first = State(spool: open)
            first.counts.waiting = open.elements
            if open.damages > 0 { reportTrouble("the queue is damaged in \(open.damages) places; they are skipped") }
            state = Mutex(first)
        } catch {
            throw .unavailable("cannot queue spans to forward: \(error)")
        }
        (factory as? any TallyReader)?.add(Books(forwarder: self))
    }

    /// What became of all spans so far, at one moment.
    public var counts: ForwardCounts { state.withLock { $0.counts } }

    /// Queues the spans; they are on disk when it returns.
    ///
    /// - Throws: ``SpanStoreError/busy`` when there is no room; some of the spans may be queued then.
    public func forward(_ spans: [SpanRecord]) throws(SpanStoreError) {
        var rest = spans[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.messageSize)
            rest = rest.dropFirst(part.count)
            try queue(destination.encode(part), count: part.count)
        }
        wake.set()
    }

    /// Queues the spans, or counts those that find no room as dropped.
    public func forwardOrDrop(_ spans: [SpanRecord]) {
        var rest = spans[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.messageSize)
            rest = rest.dropFirst(part.count)
            do throws(SpanStoreError) {
                try forward(Array(part))
            } catch {
                state.withLock { $0.counts.withoutRoom += part.count }
                tell("spans are not forwarded and dropped: \(error)")
            }
        }
    }

    private func queue(_ message: [UInt8], count: Int) throws(SpanStoreError) {
        try state.withLock { state throws(SpanStoreError) in
            do throws(SpoolError) {
                try state.spool.append(message, count: count)
                state.counts.waiting += count
            } catch {
                throw .busy
            }
        }
    }

    /// Sends until the task is cancelled or its service group shuts down; what waits then stays on disk.
    public func run() async {
        let work = Task { await sendAll() }
        await withTaskCancellationOrGracefulShutdownHandler {
            await work.value
        } onCancelOrGracefulShutdown: {
            work.cancel()
        }
        await sender.close()
    }

    private func sendAll() async {
        while !Task.isCancelled {
            guard let message = next() else {
                _ = await wake.wait(upTo: .seconds(60))
                continue
            }
            await send(message)
        }
    }

    private struct Message: Sendable {
        let bytes: [UInt8]
        let count: Int
    }

    /// The oldest message; nil, with what could not be read counted, when there is none.
    private func next() -> Message? {
        state.withLock { state in
            guard let entry = state.spool.oldest() else {
                state.counts.damaged += state.counts.waiting
                state.counts.waiting = 0
                return nil
            }
            return Message(bytes: entry.message, count: entry.count)
        }
    }

    /// Sends a message until it is settled, or the task is cancelled.
    private func send(_ message: Message) async {
        var failures = 0
        var firstAnswer: ContinuousClock.Instant?
        while !Task.isCancelled {
            do throws(DeliveryError) {
                try await sender.send(message.bytes)
                return settle(message, refused: 0, "the destination takes spans")
            } catch {
                switch error {
                case .rejected(let reason), .tooLarge(let reason):
                    return settle(message, refused: message.count, "spans are refused and dropped: \(reason)")
                case .partlyRejected(let count, let reason):
                    return settle(message, refused: count, "some spans are refused and dropped: \(reason)")
                case .unreachable(let reason):
                    firstAnswer = nil
                    tell("the destination cannot be reached; spans wait on disk: \(reason)")
                case .temporary(let reason, _):
                    let first = firstAnswer ?? .now
                    firstAnswer = first
                    guard .now - first < retryLimit else {
                        return settle(message, refused: message.count, "spans are given up and dropped: \(reason)")
                    }
                    tell("the destination is busy; spans wait on disk: \(reason)")
                }
                failures += 1
                try? await Task.sleep(for: backoff.delay(afterFailures: failures))
            }
        }
    }

    private func settle(_ message: Message, refused: Int, _ sentence: String) {
        let refused = min(max(refused, 0), message.count)
        state.withLock { state in
            guard let entry = state.spool.oldest() else { return }
            state.spool.settle(entry)
            state.counts.waiting -= message.count
            state.counts.sent += message.count - refused
            state.counts.refused += refused
        }
        tell(sentence)
    }

    /// Says what is new, and the same thing once.
    private func tell(_ sentence: String) {
        let isNew = state.withLock { state in
            defer { state.trouble = sentence }
            return state.trouble != sentence
                && !(state.trouble.isEmpty && state.counts.refused == 0 && isGood(sentence))
        }
        if isNew { reportTrouble(sentence) }
    }

    private func isGood(_ sentence: String) -> Bool { sentence == "the destination takes spans" }
}

/// The counts as a registry reads them.
private struct Books: TallySource {
    weak let forwarder: SpanForwarder?

    func read() -> (tallies: [Tally], isFinal: Bool) {
        guard let forwarder else { return ([], true) }
        return (forwarder.counts.tallies, false)
    }
}
