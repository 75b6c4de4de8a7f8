// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import WingbeatCollector
import WingbeatMetrics
import WingbeatSpanCodecs

/// `POST /api/v2/spans` and `POST /api/v1/spans`: a 202 means that every span of the body survives a kill of the process.
struct ZipkinReceiver: Sendable {
    let version: ZipkinFormat.Version
    let intake: SpanIntake
    let metrics: ReceiverMetrics
    let configuration: CollectorServer.Configuration
    let budget: BodyBudget

    @Sendable
    func receive(_ request: Request, _ context: some RequestContext) async throws -> Response {
        metrics.messages.increment()
        let share = BodyShare(of: budget)
        defer { withExtendedLifetime(share) {} }
        do {
            let body = try await request.spanBody(within: configuration, share: share)
            metrics.bytes.increment(by: Int64(body.count))
            try share.takeForDecoding(body.count)
            let format = ZipkinFormat(version: version, contentType: request.headers[.contentType])
            try await metrics.store(try format.decode(body), in: intake)
            return Response(status: .accepted)
        } catch {
            metrics.messagesDropped.increment()
            throw error
        }
    }
}
