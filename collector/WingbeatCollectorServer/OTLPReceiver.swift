// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import WingbeatCollector
import WingbeatMetrics
import WingbeatSpanCodecs

/// `POST /v1/traces`: a 200 means that every span of the body that is one survives a kill of the process.
///
/// The answer is in the request's format. Spans without valid ids are counted as rejected in it; bytes that are no OTLP
/// are refused with 400. A full store answers 429 and one that is broken 503, after which clients send again.
///
/// Source: OTLP specification, "OTLP/HTTP".
struct OTLPReceiver: Sendable {
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
            let format = try OTLPFormat(ofBody: request)
            let body = try await request.spanBody(within: configuration, share: share)
            metrics.bytes.increment(by: Int64(body.count))
            try share.takeForDecoding(body.count)
            let batch = try format.decode(body)
            try await metrics.store(batch.spans, rejected: batch.rejectedSpans, in: intake)
            return Response(status: .ok, bytes: format.encode(batch.response), contentType: format.contentType)
        } catch {
            metrics.messagesDropped.increment()
            throw error
        }
    }

    /// A failure in the request's format; as plain text where that is not known.
    @Sendable
    static func write(_ sentence: String, to request: Request) -> (body: [UInt8], contentType: String) {
        let failure = OTLPFailure(message: sentence)
        switch OTLPFormat(contentType: request.headers[.contentType]) {
        case .protobuf: return (failure.protobuf(), OTLPFormat.protobuf.contentType)
        case .json: return (failure.json(), OTLPFormat.json.contentType)
        case nil: return (Array(sentence.utf8), "text/plain; charset=utf-8")
        }
    }
}

/// The formats of OTLP over HTTP.
private enum OTLPFormat {
    case protobuf
    case json

    /// The format of a media type, whatever its parameters and case; nil when it is none of them.
    init?(contentType: String?) {
        let type = contentType?.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        switch type {
        case "application/x-protobuf": self = .protobuf
        case "application/json": self = .json
        default: return nil
        }
    }

    init(ofBody request: Request) throws(RequestError) {
        let type = request.headers[.contentType]
        guard let format = OTLPFormat(contentType: type) else {
            let sentence = "Content-Type \(type?.prefix(100) ?? "is missing and") is not known"
            throw RequestError(.unsupportedMediaType, sentence + "; send application/x-protobuf or application/json")
        }
        self = format
    }

    var contentType: String {
        switch self {
        case .protobuf: "application/x-protobuf"
        case .json: "application/json"
        }
    }

    func decode(_ body: [UInt8]) throws(SpanDecodingError) -> OTLPBatch {
        switch self {
        case .protobuf: try OTLPProtobufDecoder.decode(body)
        case .json: try OTLPJSONDecoder.decode(body)
        }
    }

    func encode(_ response: OTLPResponse) -> [UInt8] {
        switch self {
        case .protobuf: response.protobuf()
        case .json: response.json()
        }
    }
}
