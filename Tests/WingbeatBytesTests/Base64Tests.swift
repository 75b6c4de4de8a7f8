// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing
import WingbeatBytes

@Suite("Base 64 for URLs")
struct Base64Tests {
    @Test(
        "has neither padding nor characters that mean something in a URL (RFC 4648, section 10)",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"), ("/var/tmp", "L3Zhci90bXA"), ("\u{7F}\u{7F}~>", "f39-Pg"), ("??>", "Pz8-"),
            ("???", "Pz8_"),
        ]
    )
    func texts(text: String, expected: String) {
        #expect(encoded(Array(text.utf8)) == expected)
    }

    @Test("Foundation reads every length of random bytes back")
    func roundTrip() {
        var generator = SeededGenerator(seed: 64)
        for length in 0..<100 {
            let data = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            var padded = encoded(data).replacing("-", with: "+").replacing("_", with: "/")
            padded += String(repeating: "=", count: (4 - padded.count % 4) % 4)
            #expect(Data(base64Encoded: padded).map(Array.init) == data)
        }
    }

    private func encoded(_ data: [UInt8]) -> String {
        var bytes: [UInt8] = []
        bytes.append(base64URL: data)
        return String(decoding: bytes, as: UTF8.self)
    }
}

@Suite("Base 64 with padding")
struct PaddedBase64Tests {
    @Test(
        "the samples of RFC 4648, section 10",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"), ("??>", "Pz8+"), ("???", "Pz8/"),
        ]
    )
    func samples(sample: String, expected: String) {
        #expect(text { $0.append(base64: Array(sample.utf8)) } == expected)
    }
}
