// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel
import WingbeatSpanCodecs

extension FuzzedDecoder {
    static var zipkinJSON: FuzzedDecoder {
        FuzzedDecoder(
            samples: [ZipkinJSONEncoder.encode(spans)],
            marks: jsonMarks,
            dense: [
                .json("[", #"{"traceId":"1","id":"1"}"#, "]"),
                .json(#"[{"traceId":"1","id":"1","tags":{"#, #""":"""#, "}}]"),
                .json(#"[{"traceId":"1","id":"1","annotations":["#, #"{"value":"","timestamp":1}"#, "]}]"),
            ],
            decode: ZipkinJSONDecoder.decode
        )
    }

    static var zipkinProtobuf: FuzzedDecoder {
        FuzzedDecoder(
            samples: [ZipkinProtobufEncoder.encode(spans)],
            marks: [0, 1, 0x0A, 0x0B, 0x0C, 0x12, 0x7F, 0x80, 0xFF],
            dense: [
                Repeated([0x0A, 6, 0x0A, 1, 1, 0x1A, 1, 1]) { units, _ in units },
                .inSpan([0x5A, 2, 0x0A, 0]),
                .inSpan([0x5A, 0]),
                .inSpan([0x52, 9, 0x09, 1, 0, 0, 0, 0, 0, 0, 0]),
            ],
            decode: ZipkinProtobufDecoder.decode
        )
    }

    static var zipkinV1JSON: FuzzedDecoder {
        FuzzedDecoder(
            samples: [Array(v1JSON.utf8)],
            marks: jsonMarks,
            dense: [
                .json("[", #"{"traceId":"1","id":"1"}"#, "]"),
                .json(#"[{"traceId":"1","id":"1","binaryAnnotations":["#, #"{"key":""}"#, "]}]"),
                .json(#"[{"traceId":"1","id":"1","annotations":["#, #"{"value":"","timestamp":1}"#, "]}]"),
            ],
            decode: ZipkinV1JSONDecoder.decode
        )
    }

    static var zipkinThrift: FuzzedDecoder {
        FuzzedDecoder(
            samples: [v1Thrift],
            marks: [0, 1, 2, 3, 4, 6, 8, 10, 11, 12, 13, 14, 15, 0x7F, 0x80, 0xFF],
            dense: [
                Repeated(thriftIDs + [0]) { units, count in [12] + bigEndian(count) + units },
                .inThriftSpan(8, [0]),
                .inThriftSpan(8, [11, 0, 1, 0, 0, 0, 0, 11, 0, 2, 0, 0, 0, 0, 0]),
                .inThriftSpan(6, [10, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0]),
            ],
            decode: ZipkinThriftDecoder.decode
        )
    }

    private static let jsonMarks = Array("[]{}\":,\\u0-9.eE ntf\u{0}".utf8) + [0x80, 0xC3, 0xE2, 0xFF]
}

extension Repeated {
    /// A field of one span of protocol buffers.
    fileprivate static func inSpan(_ unit: [UInt8]) -> Repeated {
        Repeated(unit) { units, _ in
            let span = [0x0A, 1, 1, 0x1A, 1, 1] + units
            return [0x0A] + longVarint(span.count) + span
        }
    }

    /// A structure in a list of one span of Thrift.
    fileprivate static func inThriftSpan(_ field: UInt8, _ unit: [UInt8]) -> Repeated {
        Repeated(unit) { units, count in
            [12, 0, 0, 0, 1] + thriftIDs + [15, 0, field, 12] + bigEndian(count) + units + [0]
        }
    }
}

private let thriftIDs: [UInt8] = [10, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 10, 0, 4, 0, 0, 0, 0, 0, 0, 0, 1]

/// A number below 2^35 in five bytes.
private func longVarint(_ number: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for digit in 0..<5 { bytes.append(UInt8(number >> (7 * digit) & 0x7F)) }
    for digit in 0..<4 { bytes[digit] |= 0x80 }
    return bytes
}

private func bigEndian(_ count: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) } }

/// Two spans, of which the first has something in every field.
private let spans: [SpanRecord] = {
    guard let trace = TraceID(high: 1, low: 2), let id = SpanID(3) else { return [] }
    var span = SpanRecord(traceID: trace, id: id, parentID: SpanID(4), name: "get /orders")
    span.kind = .server
    span.startNanoseconds = 1_700_000_000_000_001_000
    span.durationNanoseconds = 350_000
    span.localEndpoint = NetworkEndpoint(serviceName: "frontend", ipv4: "127.0.0.1", port: 8080)
    span.remoteEndpoint = NetworkEndpoint(serviceName: "mobile", ipv6: "2001:db8::c001", port: 9000)
    span.events = [SpanRecord.Event(nanoseconds: 1_700_000_000_000_002_000, name: "cache \"miss\" ⻩")]
    span.attributes = [Attribute("error", "💩"), Attribute("http.path", "/orders")]
    span.isDebug = true
    span.isShared = true
    return [span, SpanRecord(traceID: trace, id: id)]
}()

/// A span of version 1 in which both sides of a call and of a message's way took part.
private let v1JSON = """
    [{"traceId":"463ac35c9f6413ad48485a3953bb6124","id":"48485a3953bb6124","parentId":"a","name":"get","timestamp":1,\
    "duration":8,"annotations":[{"timestamp":1,"value":"cs","endpoint":{"serviceName":"a","ipv4":"1.2.3.4"}},\
    {"timestamp":2,"value":"sr","endpoint":{"serviceName":"b","port":80}},{"timestamp":3,"value":"ss","endpoint":\
    {"serviceName":"b"}},{"timestamp":9,"value":"cr","endpoint":{"serviceName":"a"}},{"timestamp":4,"value":"ms",\
    "endpoint":{"serviceName":"a"}},{"timestamp":5,"value":"mr","endpoint":{"serviceName":"a"}}],"binaryAnnotations":\
    [{"key":"sa","value":true,"endpoint":{"ipv6":"::1"}},{"key":"ca","value":true,"endpoint":{"serviceName":"b"}},\
    {"key":"lc","value":""},{"key":"n","value":-1.5e3},{"key":"x","value":[{}]}],"debug":true}]
    """

/// The same in Thrift, with fewer annotations.
private let v1Thrift: [UInt8] = {
    func text(_ text: String) -> [UInt8] { [0, 0, 0, UInt8(text.utf8.count)] + Array(text.utf8) }
    func i64(_ field: UInt8, _ value: UInt8) -> [UInt8] { [10, 0, field, 0, 0, 0, 0, 0, 0, 0, value] }
    let host: [UInt8] = [8, 0, 1, 127, 0, 0, 1, 6, 0, 2, 0x1F, 0x90, 11, 0, 3] + text("shop") + [0]
    func annotation(_ time: UInt8, _ value: String) -> [UInt8] {
        i64(1, time) + [11, 0, 2] + text(value) + [12, 0, 3] + host + [0]
    }
    func binary(_ key: String, _ value: [UInt8], _ type: UInt8) -> [UInt8] {
        [11, 0, 1] + text(key) + [11, 0, 2, 0, 0, 0, UInt8(value.count)] + value + [8, 0, 3, 0, 0, 0, type, 12, 0, 4]
            + host + [0]
    }
    let annotations = ["cs", "sr", "ss", "cr"].enumerated().flatMap { annotation(UInt8($0 + 1), $1) }
    let binaries = binary("sa", [1], 0) + binary("n", [0, 0, 0, 1], 3) + binary("k", Array("v".utf8), 6)
    let unknown: [UInt8] = [13, 0, 99, 3, 2, 0, 0, 0, 1, 1, 1, 15, 0, 99, 12, 0, 0, 0, 1, 2, 0, 1, 1, 0]
    return [12, 0, 0, 0, 1] + i64(1, 1) + i64(12, 5) + [11, 0, 3] + text("get") + i64(4, 2) + i64(5, 3)
        + [15, 0, 6, 12, 0, 0, 0, 4] + annotations + [15, 0, 8, 12, 0, 0, 0, 3] + binaries + [2, 0, 9, 1] + unknown
        + [0]
}()
