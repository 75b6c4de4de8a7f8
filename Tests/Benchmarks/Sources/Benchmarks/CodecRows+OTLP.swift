// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import OTLPMessages
import SwiftProtobuf
import WingbeatModel
import WingbeatSpanCodecs

/// Posts of 100 spans of one service, between OTLP and records; an operation is one span. The peer is the code that
/// swift-protobuf generates.
enum OTLPCodecRows {
    static var all: [Benchmark] { [decodeProtobuf, encodeProtobuf, decodeJSON, encodeJSON] }

    private typealias PeerRequest = Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceRequest

    private static let spansPerPost = 100

    private static func posts() throws -> [[SpanRecord]] {
        try SamplePosts.make(count: 20, spans: spansPerPost).map { post in
            let resource = Resource(serviceName: "checkout", attributes: [Attribute("service.version", "1.2.3")])
            let scope = InstrumentationScope(name: "wingbeat", version: "1.0")
            let spans = try ZipkinJSONDecoder.decode(post).map { span in
                var span = span
                span.localEndpoint = nil
                span.remoteEndpoint = nil
                span.resource = resource
                span.scope = scope
                return span
            }
            return try OTLPProtobufDecoder.decode(OTLPProtobufEncoder.encode(spans)).spans
        }
    }

    private static var decodeProtobuf: Benchmark {
        Benchmark("decode OTLP protobuf, a span") {
            let posts = try posts().map { OTLPProtobufEncoder.encode($0) }
            return Measurement(
                .perSpan(of: spansPerPost) {
                    black_hole(number(try? OTLPProtobufDecoder.decode(posts[$0 % posts.count]).spans.count))
                },
                beside: [
                    Neighbour(
                        "peer: swift-protobuf",
                        .perSpan(of: spansPerPost) {
                            let request = try? PeerRequest(serializedBytes: posts[$0 % posts.count])
                            black_hole(number(request?.resourceSpans.count))
                        },
                        target: 0.25
                    )
                ]
            )
        }
    }

    private static var encodeProtobuf: Benchmark {
        Benchmark("encode OTLP protobuf, a span") {
            let posts = try posts()
            let peers = try posts.map { try PeerRequest(serializedBytes: OTLPProtobufEncoder.encode($0)) }
            return Measurement(
                .perSpan(of: spansPerPost) {
                    black_hole(UInt64(OTLPProtobufEncoder.encode(posts[$0 % posts.count]).count))
                },
                beside: [
                    Neighbour(
                        "peer: swift-protobuf",
                        .perSpan(of: spansPerPost) {
                            let bytes: [UInt8]? = try? peers[$0 % peers.count].serializedBytes()
                            black_hole(number(bytes?.count))
                        },
                        target: 0.25
                    )
                ]
            )
        }
    }

    private static var decodeJSON: Benchmark {
        Benchmark("decode OTLP JSON, a span") {
            let posts = try posts().map { OTLPJSONEncoder.encode($0) }
            return Measurement(
                .perSpan(of: spansPerPost) {
                    black_hole(number(try? OTLPJSONDecoder.decode(posts[$0 % posts.count]).spans.count))
                },
                beside: []
            )
        }
    }

    private static var encodeJSON: Benchmark {
        Benchmark("encode OTLP JSON, a span") {
            let posts = try posts()
            return Measurement(
                .perSpan(of: spansPerPost) {
                    black_hole(UInt64(OTLPJSONEncoder.encode(posts[$0 % posts.count]).count))
                },
                beside: []
            )
        }
    }

    /// Zero where there is none, which would show: nothing takes no time.
    private static func number(_ count: Int?) -> UInt64 { UInt64(count ?? 0) }
}
