// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import WingbeatBytes
import WingbeatCollector
import WingbeatMetrics
import WingbeatModel
import WingbeatSpanCodecs

/// `POST /api/upload`: a file of spans in any of the formats that `wingbeat import` reads, compressed or not.
///
/// A 200 means that every span of the file is stored. After an error some may be: the file can be sent again, since the
/// very same span is stored once.
struct UploadAPI: Sendable {
    /// How many traces an answer names.
    static let maximumTraces = 100

    let intake: SpanIntake
    let metrics: ReceiverMetrics
    let configuration: CollectorServer.Configuration
    let budget: BodyBudget

    func add(to router: Router<BasicRequestContext>) {
        router.post("/api/upload") { request, _ in
            metrics.messages.increment()
            do {
                return try await receive(request)
            } catch {
                metrics.messagesDropped.increment()
                throw error
            }
        }
    }

    /// A file may be as large as a post when it is inflated.
    private func receive(_ request: Request) async throws -> Response {
        let share = BodyShare(of: budget)
        defer { withExtendedLifetime(share) {} }
        var limits = configuration
        limits.maximumBodyBytes = max(limits.maximumBodyBytes, limits.maximumInflatedBytes)
        let body = try inflated(try await request.spanBody(within: limits, share: share), share)
        metrics.bytes.increment(by: Int64(body.count))
        try share.takeForDecoding(body.count)
        var reader = SpanFileReader()
        var upload = Upload()
        do {
            for batch in try reader.push(body) { try await store(batch, &upload) }
            for batch in try reader.finish() { try await store(batch, &upload) }
        } catch let error as SpanFileReader.Malformed {
            throw RequestError(.badRequest, error.description)
        }
        guard upload.spans > 0 else { throw RequestError(.badRequest, "there is no span in this file") }
        return .json(upload.json)
    }

    private func store(_ spans: [SpanRecord], _ upload: inout Upload) async throws {
        try await metrics.store(spans, in: intake)
        upload.add(spans)
    }

    /// Files are often compressed without the request saying so.
    private func inflated(_ body: [UInt8], _ share: BodyShare) throws -> [UInt8] {
        guard body.starts(with: [0x1F, 0x8B]) else { return body }
        let inflated = try ContentEncoding.gzip.decode(body, limit: configuration.maximumInflatedBytes)
        try share.take(inflated.count)
        return inflated
    }
}

/// What was uploaded.
private struct Upload {
    private(set) var spans = 0
    private var traces: [TraceID] = []
    private var seen: Set<TraceID> = []

    mutating func add(_ spans: [SpanRecord]) {
        self.spans += spans.count
        for span in spans where traces.count < UploadAPI.maximumTraces && seen.insert(span.traceID).inserted {
            traces.append(span.traceID)
        }
    }

    /// `{"spans":2,"traces":["…"]}`.
    var json: [UInt8] {
        var bytes = Array("{".utf8)
        bytes.append(member: "spans")
        bytes.append(decimal: spans)
        bytes.append(member: "traces")
        bytes.append(jsonArray: traces) { $0.append(jsonString: $1.hex) }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}
