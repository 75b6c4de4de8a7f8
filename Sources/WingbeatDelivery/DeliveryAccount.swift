// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Metrics

/// The books of a ``BatchPump``, kept as metrics.
struct DeliveryAccount: Sendable {
    /// Why an element was not delivered.
    enum Reason: String, CaseIterable {
        /// There was no room in the queue.
        case queueFull = "queue_full"
        /// The backend refused it for good.
        case rejected
        /// The service ended before it could be sent.
        case shutdown
    }

    private let recordedCounter: Counter
    private let exportedCounter: Counter
    private let droppedCounters: [Reason: Counter]
    private let queuedMeter: Meter

    init(prefix: String, dimensions: [(String, String)], factory: any MetricsFactory) {
        recordedCounter = Counter(label: "\(prefix).recorded", dimensions: dimensions, factory: factory)
        exportedCounter = Counter(label: "\(prefix).exported", dimensions: dimensions, factory: factory)
        queuedMeter = Meter(label: "\(prefix).queued", dimensions: dimensions, factory: factory)
        droppedCounters = Dictionary(
            uniqueKeysWithValues: Reason.allCases.map { reason in
                (
                    reason,
                    Counter(
                        label: "\(prefix).dropped",
                        dimensions: dimensions + [("reason", reason.rawValue)],
                        factory: factory
                    )
                )
            }
        )
    }

    func queued() {
        recordedCounter.increment()
        queuedMeter.increment()
    }

    func foundNoRoom() {
        recordedCounter.increment()
        droppedCounters[.queueFull]?.increment()
    }

    func exported(_ count: Int) {
        exportedCounter.increment(by: count)
        queuedMeter.decrement(by: Double(count))
    }

    func dropped(_ count: Int, _ reason: Reason) {
        guard count > 0 else { return }
        droppedCounters[reason]?.increment(by: count)
        queuedMeter.decrement(by: Double(count))
    }
}
