// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatBytes

@Suite("Values in URLs")
struct PercentTests {
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
