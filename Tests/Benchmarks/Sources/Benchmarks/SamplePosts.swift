// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel
import WingbeatSpanCodecs

/// Posts of Zipkin v2 JSON such as services send: about 500 bytes a span, ten spans a trace, five tags, both
/// endpoints and an annotation in each.
enum SamplePosts {
    static func make(count: Int, spans: Int) -> [[UInt8]] {
        (0..<count).map { post in
            ZipkinJSONEncoder.encode((0..<spans).compactMap { span(number: UInt64(post * spans + $0)) })
        }
    }

    private static let services = ["frontend", "checkout", "catalogue", "payment", "shipping", "accounts"]
    private static let spansPerTrace: UInt64 = 10

    private static func span(number: UInt64) -> SpanRecord? {
        let trace = number / spansPerTrace
        guard let traceID = TraceID(high: scrambled(trace), low: scrambled(trace + 1 << 40)),
            let id = SpanID(scrambled(number + 1 << 41))
        else { return nil }
        var span = SpanRecord(traceID: traceID, id: id, name: "get /api/v1/resource/\(number % 7)")
        if number % spansPerTrace > 0 { span.parentID = SpanID(scrambled(number - 1 + 1 << 41)) }
        span.kind = number % 2 == 0 ? .server : .client
        span.startNanoseconds = 1_700_000_000_000_000_000 + number * 10_000
        span.durationNanoseconds = 1000 * (1 + scrambled(number) % 100_000)
        span.localEndpoint = endpoint(Int(number % 6))
        span.remoteEndpoint = endpoint(Int((number + 1) % 6))
        span.events = [SpanRecord.Event(nanoseconds: span.startNanoseconds + 1000, name: "cache \"orders\" missed")]
        span.attributes = attributes(number)
        return span
    }

    private static func endpoint(_ service: Int) -> NetworkEndpoint {
        NetworkEndpoint(serviceName: services[service], ipv4: "10.0.0.\(service + 1)", port: 8080)
    }

    private static func attributes(_ number: UInt64) -> [Attribute] {
        [
            Attribute("http.method", "GET"),
            Attribute("http.path", "/api/v1/resource/\(number % 1000)"),
            Attribute("http.status_code", "\(number % 50 == 0 ? 500 : 200)"),
            Attribute("instance", "checkout-5d9c7b8f6-\(number % 20)"),
            Attribute("user.id", "\(scrambled(number) % 100_000)"),
        ]
    }

    /// A step of SplitMix64 (Steele, Lea, Flood, 2014), so that ids come in no order.
    private static func scrambled(_ number: UInt64) -> UInt64 {
        var mixed = (number &+ 1) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
