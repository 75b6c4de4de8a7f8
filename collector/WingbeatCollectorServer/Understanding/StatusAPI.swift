// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import WingbeatCollector
import WingbeatModel

/// `GET /api/status`: how much is stored, and what became of everything that came.
struct StatusAPI: Sendable {
    let store: any SpanStore
    let intake: SpanIntake

    func add<Context: RequestContext>(to router: Router<Context>) {
        router.get("/api/status") { _, _ in
            let status = try await store.status()
            return Response.json(
                AttributeValue.map([
                    stored(status), received, statistics, evicted(status.evictedSpansByService),
                    tail(status.tailDecisions),
                ])
            )
        }
    }

    private func stored(_ status: SpanStoreStatus) -> Attribute {
        Attribute(
            "store",
            .map([
                Attribute("spans", .int(Int64(status.spans))), Attribute("bytes", .int(status.bytes)),
                Attribute("maximumBytes", status.maximumBytes.map { .int($0) } ?? .empty),
                Attribute("oldest", status.oldest.map { .int($0) } ?? .empty),
                Attribute("evictedSpans", .int(Int64(status.evictedSpans))),
            ])
        )
    }

    /// By service, those that lost most first.
    private func evicted(_ services: [String: Int]) -> Attribute {
        let sorted = services.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return Attribute("evicted", .map(sorted.map { Attribute($0.key, .int(Int64($0.value))) }))
    }

    /// What became of the spans of whole traces; null where all traces are kept.
    private func tail(_ counts: [TailPolicy.Decision: Int]?) -> Attribute {
        guard let counts else { return Attribute("tail", .empty) }
        let number = { (decision: TailPolicy.Decision) in Int64(counts[decision] ?? 0) }
        let kept = [TailPolicy.Decision.failed, .slow, .rare, .share]
        return Attribute(
            "tail",
            .map(
                [Attribute("kept", .int(kept.map(number).reduce(0, +))), Attribute("leftOut", .int(number(.dropped)))]
                    + kept.map { Attribute($0.rawValue, .int(number($0))) }
            )
        )
    }

    private var received: Attribute {
        let counts = intake.counts
        func reasons<Reason: RawRepresentable<String> & Hashable>(_ counts: [Reason: Int], _ all: [Reason])
            -> AttributeValue
        {
            .map(all.map { Attribute($0.rawValue, .int(Int64(counts[$0] ?? 0))) })
        }
        return Attribute(
            "spans",
            .map([
                Attribute("received", .int(Int64(counts.received))), Attribute("stored", .int(Int64(counts.stored))),
                Attribute("sampledOut", .int(Int64(counts.sampledOut))),
                Attribute("rejected", reasons(counts.rejections, IntakeCounts.Rejection.allCases)),
                Attribute("failed", reasons(counts.failures, IntakeCounts.Failure.allCases)),
            ])
        )
    }

    private var statistics: Attribute {
        let limits = intake.limits
        return Attribute(
            "statistics",
            .map([
                Attribute("pendingSpans", .int(Int64(limits.pendingSpans))),
                Attribute("tracesLinkedEarly", .int(Int64(limits.tracesLinkedEarly))),
                Attribute("unnamedSpans", .int(Int64(limits.unnamedOperations))),
                Attribute("lostSpans", .int(Int64(limits.lostSpans))),
            ])
        )
    }
}
