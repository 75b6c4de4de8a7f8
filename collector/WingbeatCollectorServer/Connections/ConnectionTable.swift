// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization
import WingbeatMetrics

/// The open connections of all ports.
///
/// When there are too many, the one that has been idle for longest is closed, so that connections that nobody uses do not
/// keep others out; when none is idle, the new one is.
final class ConnectionTable: Sendable {
    private struct Entry {
        let channel: any Channel
        /// Nil while a request is under way.
        var idleSince: NIODeadline?
    }

    private let limit: Int
    private let entries = Mutex<[ObjectIdentifier: Entry]>([:])
    private let closed: CounterFamily

    init(limit: Int, registry: MetricRegistry) {
        self.limit = limit
        closed = registry.counter(
            "wingbeat.collector.connections_closed",
            help: "Connections that the collector closed: the longest idle, refused, or too slow.",
            labels: ["reason"]
        )
        for reason in Reason.allCases { _ = closed[reason.rawValue] }
    }

    /// Why a connection was closed by the collector.
    enum Reason: String, CaseIterable {
        case idleForOthers = "idle_for_others"
        case tooMany = "too_many"
        case idle
        case slow
    }

    /// How many connections are open.
    var count: Int { entries.withLock { $0.count } }

    /// Takes a new connection, at the cost of an idle one where it must be.
    ///
    /// - Returns: false when there is no room.
    func admit(_ channel: any Channel) -> Bool {
        let (isAdmitted, victim) = entries.withLock { entries -> (Bool, (any Channel)?) in
            var victim: (any Channel)?
            if entries.count >= limit {
                let idle = entries.filter { $0.value.idleSince != nil }
                let oldest = idle.min {
                    ($0.value.idleSince ?? .distantFuture) < ($1.value.idleSince ?? .distantFuture)
                }
                guard let oldest else { return (false, nil) }
                victim = oldest.value.channel
                entries[oldest.key] = nil
            }
            entries[ObjectIdentifier(channel)] = Entry(channel: channel, idleSince: channel.eventLoop.now)
            return (true, victim)
        }
        if !isAdmitted { count(.tooMany) }
        if let victim {
            count(.idleForOthers)
            victim.close(promise: nil)
        }
        return isAdmitted
    }

    func note(_ channel: any Channel, isIdle: Bool) {
        let now = channel.eventLoop.now
        entries.withLock { $0[ObjectIdentifier(channel)]?.idleSince = isIdle ? now : nil }
    }

    func remove(_ channel: any Channel) {
        entries.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    func count(_ reason: Reason) {
        closed[reason.rawValue].increment()
    }
}
