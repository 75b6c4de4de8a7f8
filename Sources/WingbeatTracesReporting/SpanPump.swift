// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Metrics
public import WingbeatDelivery
import WingbeatModel
package import WingbeatTraces

/// The way from a reporter to its backend: queue, batches, books.
struct SpanPump: Sendable {
    private let pump: BatchPump<FinishedSpan>

    /// Spans as encoders take them: their records, without a copy of the list.
    typealias Records = LazyMapSequence<[FinishedSpan], SpanRecord>

    /// - Parameters:
    ///   - format: names the format, and the folder below the spool's, so that nothing is sent in another format.
    ///   - encode: writes spans as one message.
    init(
        format: String,
        delivery: DeliveryConfiguration,
        spool: SpanSpool?,
        factory: any MetricsFactory,
        sender: any ByteSender,
        reportTrouble: @escaping @Sendable (String) -> Void,
        encode: @escaping @Sendable (Records) -> [UInt8]
    ) {
        pump = BatchPump(
            configuration: delivery,
            prefix: "wingbeat.spans",
            noun: "Spans",
            factory: factory,
            spool: spool?.below(format),
            sender: sender,
            reportTrouble: reportTrouble,
            release: { SpanPool.recycle($0) },
            encode: { spans in encode(spans.lazy.map { $0.record }) }
        )
    }

    var counts: DeliveryCounts { pump.counts }

    func report(_ span: FinishedSpan) { pump.offer(span, size: span.size) }

    func withdraw() -> [FinishedSpan] { pump.withdraw() }

    func run() async { await pump.run() }
}

/// A reporter whose spans wait, and may go another way as long as it does not run.
package protocol QueueingSpanReporter: SpanReporter {
    /// Whether spans wait in it at all.
    var hasQueue: Bool { get }

    /// Takes back what waits, as if it had never been reported.
    func withdraw() -> [FinishedSpan]

    /// Takes what waited in another reporter.
    func adopt(_ spans: [FinishedSpan])
}

extension QueueingSpanReporter {
    /// True.
    package var hasQueue: Bool { true }

    /// Reports them.
    package func adopt(_ spans: [FinishedSpan]) {
        for span in spans { report(span) }
    }
}

/// A folder in which spans wait for a backend that is away, so that they outlive the process (`DiskSpool`).
public typealias SpanSpool = DiskSpool
