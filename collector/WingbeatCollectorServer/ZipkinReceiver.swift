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

    @Sendable
    func receive(_ request: Request, _ context: some RequestContext) async throws -> Response {
        metrics.messages.increment()
        do {
            let body = try await request.spanBody(within: configuration)
            metrics.bytes.increment(by: Int64(body.count))
            try await store(body, in: ZipkinFormat(version: version, contentType: request.headers[.contentType]))
            return Response(status: .accepted)
        } catch {
            metrics.messagesDropped.increment()
            throw error
        }
    }

    private func store(_ body: [UInt8], in format: ZipkinFormat) async throws {
        let spans = try format.decode(body)
        metrics.spans.increment(by: Int64(spans.count))
        do {
            try await intake.accept(spans)
        } catch {
            metrics.spansDropped.increment(by: Int64(spans.count))
            throw error
        }
    }
}
