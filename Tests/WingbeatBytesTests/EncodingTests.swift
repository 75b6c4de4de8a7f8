// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing
import WingbeatBytes

@Suite("Base 64 and percent signs")
struct EncodingTests {
    @Test(
        "the samples of RFC 4648",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ]
    )
    func base64(sample: String, expected: String) {
        #expect(text { $0.append(base64: Array(sample.utf8)) } == expected)
    }

    @Test("any bytes are written as Foundation writes them", arguments: 0..<50)
    func base64OfAnything(count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        #expect(text { $0.append(base64: bytes) } == Data(bytes).base64EncodedString())
    }

    @Test(
        "what is not a letter, a digit or one of four signs has a percent sign",
        arguments: [
            ("", ""), ("aZ09-._~", "aZ09-._~"), ("a b&c=d", "a%20b%26c%3Dd"), ("é/?#%+", "%C3%A9%2F%3F%23%25%2B"),
            ("\n\u{7f}", "%0A%7F"),
        ]
    )
    func percent(sample: String, expected: String) {
        #expect(text { $0.append(percentEncoded: sample) } == expected)
    }
}
