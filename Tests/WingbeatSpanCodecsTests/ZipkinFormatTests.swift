// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel
import WingbeatSpanCodecs

@Suite("The format of a post is that of its version and content type")
struct ZipkinFormatTests {
    @Test(
        "JSON is what is meant where nothing else is said",
        arguments: [
            (.v2, nil, .json), (.v2, "application/json", .json), (.v2, "text/plain", .json),
            (.v2, "application/x-thrift", .json), (.v2, "application/x-protobuf", .protobuf),
            (.v2, "Application/X-Protobuf; charset=utf-8", .protobuf), (.v1, nil, .jsonV1),
            (.v1, "application/json;charset=utf-8", .jsonV1), (.v1, "application/x-thrift", .thrift),
            (.v1, "application/x-protobuf", .jsonV1),
        ] as [(ZipkinFormat.Version, String?, ZipkinFormat)]
    )
    func formats(version: ZipkinFormat.Version, contentType: String?, format: ZipkinFormat) {
        #expect(ZipkinFormat(version: version, contentType: contentType) == format)
    }

    @Test("no bytes are no spans in every format", arguments: ZipkinFormat.allCases)
    func empty(format: ZipkinFormat) throws {
        #expect(try format.decode([]) == [])
    }

    @Test("each format has its own reader, which refuses the others' lists")
    func readers() throws {
        let posts: [(ZipkinFormat, [UInt8])] = [
            (.json, ZipkinJSONEncoder.encode([fullSpan])), (.protobuf, ZipkinProtobufEncoder.encode([fullSpan])),
            (.jsonV1, Array(#"[{"traceId":"1","id":"2","binaryAnnotations":[]}]"#.utf8)),
            (.thrift, [12, 0, 0, 0, 1, 10, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 10, 0, 4, 0, 0, 0, 0, 0, 0, 0, 1, 0]),
        ]
        for (format, body) in posts {
            #expect(try format.decode(body).count == 1)
            for other in ZipkinFormat.allCases where other != format {
                #expect(throws: SpanDecodingError.self) { try other.decode(body) }
            }
        }
    }
}
