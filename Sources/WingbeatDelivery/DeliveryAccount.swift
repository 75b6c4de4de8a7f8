// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Metrics
import Synchronization
import WingbeatModel

/// Shows the books of a queue as metrics.
///
/// A registry of Wingbeat reads them itself, all at one moment. Another backend of swift-metrics is told what has
/// changed whenever ``publish()`` is called.
final class DeliveryAccount: Sendable {
    private let read: @Sendable () -> (counts: DeliveryCounts, isFinal: Bool)
    private let published: PublishedCounts?

    /// - Parameters:
    ///   - prefix: how the names of the metrics begin.
    ///   - dimensions: labels of all these metrics.
    ///   - noun: what the elements are, for the help texts.
    ///   - hasSpool: whether the numbers of a spool are shown, too.
    ///   - factory: where the metrics are kept.
    ///   - read: gives the books.
    init(
        prefix: String,
        dimensions: [(String, String)],
        noun: String,
        hasSpool: Bool,
        factory: any MetricsFactory,
        read: @escaping @Sendable () -> (counts: DeliveryCounts, isFinal: Bool)
    ) {
        let names = CountNames(prefix: prefix, dimensions: dimensions, noun: noun, hasSpool: hasSpool)
        self.read = read
        if let reader = factory as? any TallyReader {
            published = nil
            reader.add(Books(names: names, counts: read))
        } else {
            published = PublishedCounts(names, factory)
        }
    }

    /// Tells a backend that does not read by itself.
    func publish() { published?.publish(read().counts) }
}

/// The books as a registry reads them.
private struct Books: TallySource {
    let names: CountNames
    let counts: @Sendable () -> (counts: DeliveryCounts, isFinal: Bool)

    func read() -> (tallies: [Tally], isFinal: Bool) {
        let (counts, isFinal) = counts()
        return (names.tallies(counts), isFinal)
    }
}

/// What the numbers are called.
private struct CountNames: Sendable {
    let prefix: String
    let dimensions: [(String, String)]
    let noun: String
    let hasSpool: Bool

    func tallies(_ counts: DeliveryCounts) -> [Tally] {
        var tallies = [
            tally("recorded", "\(noun) that were to be sent.", counts.recorded),
            tally("exported", "\(noun) that the backend took.", counts.exported),
            dropped("queue_full", counts.queueFull),
            dropped("rejected", counts.rejected),
            dropped("expired", counts.expired),
            dropped("shutdown", counts.shutdown),
            tally("queued", "\(noun) that wait, or are on their way.", counts.queued, isGauge: true),
        ]
        guard hasSpool else { return tallies }
        tallies.append(dropped("damaged", counts.damaged))
        tallies.append(tally("recovered", "\(noun) that an earlier process left in the spool.", counts.recovered))
        tallies.append(tally("spool.damages", "Places in the spool that could not be read.", counts.damages))
        return tallies
    }

    private func dropped(_ reason: String, _ count: Int) -> Tally {
        tally("dropped", "\(noun) that were lost, by reason.", count, labels: [("reason", reason)])
    }

    private func tally(
        _ name: String,
        _ help: String,
        _ count: Int,
        isGauge: Bool = false,
        labels: [(String, String)] = []
    ) -> Tally {
        Tally(
            name: "\(prefix).\(name)",
            help: help,
            isGauge: isGauge,
            labels: LabelSet((dimensions + labels).map { Label($0.0, $0.1) }),
            value: Double(count)
        )
    }
}

/// The books in a backend of swift-metrics, which takes differences.
private final class PublishedCounts: Sendable {
    private let names: CountNames
    private let counters: [Counter?]
    private let meters: [Meter?]
    private let last: Mutex<[Double]>

    init(_ names: CountNames, _ factory: any MetricsFactory) {
        let tallies = names.tallies(DeliveryCounts())
        self.names = names
        counters = tallies.map { tally in
            tally.isGauge ? nil : Counter(label: tally.name, dimensions: tally.dimensions, factory: factory)
        }
        meters = tallies.map { tally in
            tally.isGauge ? Meter(label: tally.name, dimensions: tally.dimensions, factory: factory) : nil
        }
        last = Mutex(tallies.map(\.value))
    }

    func publish(_ counts: DeliveryCounts) {
        last.withLock { last in
            for (index, tally) in names.tallies(counts).enumerated() {
                counters[index]?.increment(by: Int64(tally.value - last[index]))
                meters[index]?.set(tally.value)
                last[index] = tally.value
            }
        }
    }
}

extension Tally {
    fileprivate var dimensions: [(String, String)] { labels.labels.map { ($0.name, $0.value) } }
}
