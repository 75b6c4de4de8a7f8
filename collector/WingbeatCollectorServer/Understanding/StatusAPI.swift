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
            return Response.json(AttributeValue.map([stored(status), received, statistics]))
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
