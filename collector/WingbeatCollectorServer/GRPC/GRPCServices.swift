// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import WingbeatBytes
import WingbeatCollector
import WingbeatSpanCodecs

/// The unary methods that the collector answers over gRPC.
///
/// `opentelemetry.proto.collector.trace.v1.TraceService/Export` and Zipkin's `zipkin.proto3.SpanService/Report` answer
/// when every span of the message survives a kill of the process; `grpc.health.v1.Health/Check` asks the store.
struct GRPCServices: Sendable {
    let store: any SpanStore
    let intake: SpanIntake
    let metrics: ReceiverMetrics
    let configuration: CollectorServer.Configuration
    let budget: BodyBudget
    let logger: Logger

    /// Answers a message to a method; its errors are statuses.
    typealias Method = @Sendable ([UInt8]) async throws -> [UInt8]

    /// The method at a path; nil when there is none.
    func method(_ path: String) -> Method? {
        switch path {
        case "/opentelemetry.proto.collector.trace.v1.TraceService/Export": export
        case "/zipkin.proto3.SpanService/Report" where configuration.acceptsZipkinOverGRPC: report
        case "/grpc.health.v1.Health/Check": check
        default: nil
        }
    }

    /// Reads a message and gives it to its method.
    ///
    /// - Parameter share: what the message holds of the budget; kept until all is done.
    func answer(
        _ reader: GRPCMessageReader,
        _ call: GRPCCall,
        _ method: Method,
        _ share: BodyShare
    ) async -> Result<[UInt8], GRPCStatus> {
        do {
            return .success(try await method(try read(reader, call.encoding, share)))
        } catch {
            let status = GRPCStatus(error)
            if status.code == .internal || status.code == .unavailable {
                logger.error("\(call.path)", metadata: ["error": .string("\(error)")])
            }
            return .failure(status)
        }
    }

    private func read(
        _ reader: GRPCMessageReader,
        _ encoding: ContentEncoding,
        _ share: BodyShare
    ) throws -> [UInt8] {
        do {
            let message = try reader.message(encoding, limit: configuration.maximumInflatedBytes)
            if encoding != .identity { try share.take(message.count) }
            try share.takeForDecoding(message.count)
            return message
        } catch {
            metrics.refuseMessage()
            throw error
        }
    }

    private func export(_ message: [UInt8]) async throws -> [UInt8] {
        try await metrics.countingMessage(of: message.count) {
            let batch = try OTLPProtobufDecoder.decode(message)
            try await metrics.store(batch.spans, rejected: batch.rejectedSpans, in: intake)
            return batch.response.protobuf()
        }
    }

    private func report(_ message: [UInt8]) async throws -> [UInt8] {
        try await metrics.countingMessage(of: message.count) {
            try await metrics.store(message.isEmpty ? [] : try ZipkinProtobufDecoder.decode(message), in: intake)
            return []
        }
    }

    /// The health of the whole server, or of one of its services (grpc/grpc, doc/health-checking.md).
    private func check(_ message: [UInt8]) async throws -> [UInt8] {
        guard Self.healthRequests.contains(message) else {
            throw GRPCStatus(.notFound, "there is no such service")
        }
        var isServing = true
        do { try await store.check() } catch { isServing = false }
        var answer: [UInt8] = []
        answer.append(field: 1, varint: isServing ? 1 : 2)
        return answer
    }

    /// Questions for the health of the server, and of each service by name.
    private static let healthRequests: Set<[UInt8]> = {
        let services = ["opentelemetry.proto.collector.trace.v1.TraceService", "zipkin.proto3.SpanService"]
        let requests = services.map { service in
            var bytes: [UInt8] = []
            bytes.append(field: 1, text: service)
            return bytes
        }
        return Set(requests + [[]])
    }()
}
