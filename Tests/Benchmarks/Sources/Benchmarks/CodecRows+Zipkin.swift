// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import Foundation
import WingbeatModel
import WingbeatSpanCodecs

/// Posts of 100 spans, between bytes and records; an operation is one span.
enum ZipkinCodecRows {
    static var all: [Benchmark] { [decodeJSON, encodeJSON, decodeProtobuf, encodeProtobuf] }

    private static let spansPerPost = 100

    private static var posts: [[UInt8]] { SamplePosts.make(count: 20, spans: spansPerPost) }

    private static var decodeJSON: Benchmark {
        Benchmark("decode Zipkin v2 JSON, a span") {
            let posts = posts
            let documents = posts.map { Data($0) }
            return Measurement(
                .perSpan(of: spansPerPost) {
                    black_hole(number(try? ZipkinJSONDecoder.decode(posts[$0 % posts.count]).count))
                },
                beside: [
                    Neighbour(
                        "peer: Foundation's JSONDecoder",
                        .perSpan(of: spansPerPost) {
                            black_hole(number(try? PeerSpan.decode(documents[$0 % documents.count]).count))
                        },
                        target: 0.065  // a million spans a second, where it was set
                    )
                ]
            )
        }
    }

    private static var encodeJSON: Benchmark {
        Benchmark("encode Zipkin v2 JSON, a span") {
            let posts = try posts.map { try ZipkinJSONDecoder.decode($0) }
            let peers = try Self.posts.map { try PeerSpan.decode(Data($0)) }
            let encoder = JSONEncoder()
            return Measurement(
                .perSpan(of: spansPerPost) {
                    black_hole(UInt64(ZipkinJSONEncoder.encode(posts[$0 % posts.count]).count))
                },
                beside: [
                    Neighbour(
                        "peer: Foundation's JSONEncoder",
                        .perSpan(of: spansPerPost) {
                            black_hole(number(try? encoder.encode(peers[$0 % peers.count]).count))
                        },
                        target: 0.2
                    )
                ]
            )
        }
    }

    private static var decodeProtobuf: Benchmark {
        Benchmark("decode Zipkin protobuf, a span") {
            let json = posts
            let posts = try json.map { ZipkinProtobufEncoder.encode(try ZipkinJSONDecoder.decode($0)) }
            return Measurement(
                .perSpan(of: spansPerPost) {
                    black_hole(number(try? ZipkinProtobufDecoder.decode(posts[$0 % posts.count]).count))
                },
                beside: [
                    Neighbour(
                        "ours: the same in JSON",
                        .perSpan(of: spansPerPost) {
                            black_hole(number(try? ZipkinJSONDecoder.decode(json[$0 % json.count]).count))
                        }
                    )
                ]
            )
        }
    }

    private static var encodeProtobuf: Benchmark {
        Benchmark("encode Zipkin protobuf, a span") {
            let posts = try posts.map { try ZipkinJSONDecoder.decode($0) }
            return Measurement(
                .perSpan(of: spansPerPost) {
                    black_hole(UInt64(ZipkinProtobufEncoder.encode(posts[$0 % posts.count]).count))
                },
                beside: [
                    Neighbour(
                        "ours: the same in JSON",
                        .perSpan(of: spansPerPost) {
                            black_hole(UInt64(ZipkinJSONEncoder.encode(posts[$0 % posts.count]).count))
                        }
                    )
                ]
            )
        }
    }

    /// Zero where there is none, which would show: nothing takes no time.
    private static func number(_ count: Int?) -> UInt64 { UInt64(count ?? 0) }
}

/// A span as a peer with Codable types has it: no checks, no shared copies.
private struct PeerSpan: Codable {
    var traceId: String
    var id: String
    var parentId: String?
    var name: String?
    var kind: String?
    var timestamp: Int64?
    var duration: Int64?
    var localEndpoint: Endpoint?
    var remoteEndpoint: Endpoint?
    var annotations: [Annotation]?
    var tags: [String: String]?
    var debug: Bool?
    var shared: Bool?

    struct Endpoint: Codable {
        var serviceName: String?
        var ipv4: String?
        var ipv6: String?
        var port: Int?
    }

    struct Annotation: Codable {
        var timestamp: Int64
        var value: String
    }

    static func decode(_ document: Data) throws -> [PeerSpan] {
        try JSONDecoder().decode([PeerSpan].self, from: document)
    }
}
