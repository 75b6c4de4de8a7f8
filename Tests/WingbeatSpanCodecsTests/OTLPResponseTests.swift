// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel
import WingbeatSpanCodecs

@Suite("Answers to posts of OTLP")
struct OTLPResponseTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("all is well: nothing at all")
    func empty() throws {
        #expect(OTLPResponse().protobuf().isEmpty)
        #expect(text(OTLPResponse().json()) == "{}")
        #expect(try OTLPResponse(protobuf: []) == OTLPResponse())
        #expect(try OTLPResponse(json: Array("{}".utf8)) == OTLPResponse())
    }

    @Test("some spans are rejected")
    func partial() throws {
        let response = OTLPResponse(rejectedSpans: 300, errorMessage: "no")
        #expect(response.protobuf() == [0x0A, 7, 0x08, 0xAC, 0x02, 0x12, 2] + Array("no".utf8))
        #expect(text(response.json()) == #"{"partialSuccess":{"rejectedSpans":"300","errorMessage":"no"}}"#)
        #expect(try OTLPResponse(protobuf: response.protobuf()) == response)
        #expect(try OTLPResponse(json: response.json()) == response)
    }

    @Test("a warning, numbers instead of texts, unknown fields")
    func lenient() throws {
        let warning = OTLPResponse(errorMessage: "slow")
        #expect(try OTLPResponse(protobuf: [0x10, 1] + warning.protobuf() + [0x1A, 1, 0]) == warning)
        let json = #"{"x":[1],"partialSuccess":{"rejectedSpans":7,"errorMessage":null,"y":{}}}"#
        #expect(try OTLPResponse(json: Array(json.utf8)) == OTLPResponse(rejectedSpans: 7))
        #expect(try OTLPResponse(json: Array(#"{"partialSuccess":null}"#.utf8)) == OTLPResponse())
    }

    @Test("failures say a code and a sentence")
    func failure() throws {
        let failure = OTLPFailure(code: 3, message: "bad")
        #expect(failure.protobuf() == [0x08, 3, 0x12, 3] + Array("bad".utf8))
        #expect(text(failure.json()) == #"{"code":3,"message":"bad"}"#)
        #expect(try OTLPFailure(protobuf: failure.protobuf() + [0x1A, 1, 0]) == failure)
        #expect(try OTLPFailure(json: Array(#"{"code":3,"message":"bad","details":[{}]}"#.utf8)) == failure)
        #expect(try OTLPFailure(protobuf: OTLPFailure(code: -1, message: "").protobuf()).code == -1)
    }

    @Test("what is neither is refused")
    func malformed() {
        #expect(throws: SpanDecodingError.self) { try OTLPResponse(protobuf: [0x0A, 5]) }
        #expect(throws: SpanDecodingError.self) { try OTLPResponse(json: Array("<html>".utf8)) }
        #expect(throws: SpanDecodingError.self) { try OTLPFailure(protobuf: [0x12]) }
        #expect(throws: SpanDecodingError.self) { try OTLPFailure(json: Array(#"{"message":"#.utf8)) }
    }
}
