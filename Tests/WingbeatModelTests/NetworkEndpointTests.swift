// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel

@Suite("Addresses of endpoints")
struct NetworkEndpointTests {
    @Test("an endpoint of nothing is empty, one of anything is not")
    func empty() {
        #expect(NetworkEndpoint().isEmpty)
        #expect(!NetworkEndpoint(serviceName: "shop").isEmpty)
        #expect(!NetworkEndpoint(ipv4: "1.2.3.4").isEmpty)
        #expect(!NetworkEndpoint(ipv6: "::1").isEmpty)
        #expect(!NetworkEndpoint(port: 0).isEmpty)
    }

    @Test("IPv4 addresses are kept as they are", arguments: ["0.0.0.0", "1.2.3.4", "127.0.0.1", "255.255.255.255"])
    func version4(_ text: String) {
        var endpoint = NetworkEndpoint(serviceName: "shop", port: 80)
        let isSet = endpoint.setAddress(text)
        #expect(isSet)
        #expect(endpoint == NetworkEndpoint(serviceName: "shop", ipv4: text, port: 80))
    }

    @Test(
        "IPv6 addresses take their canonical form",
        arguments: [
            ("::", "::"), ("::1", "::1"), ("0:0:0:0:0:0:0:1", "::1"), ("2001:DB8::C001", "2001:db8::c001"),
            ("2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("fe80::00AB", "fe80::ab"),
            ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ]
    )
    func version6(text: String, canonical: String) {
        var endpoint = NetworkEndpoint()
        let isSet = endpoint.setAddress(text)
        #expect(isSet)
        #expect(endpoint == NetworkEndpoint(ipv6: canonical))
    }

    @Test(
        "an IPv4 address that is written as IPv6 is an IPv4 address",
        arguments: [
            ("::ffff:1.2.3.4", "1.2.3.4"), ("::FFFF:c0a8:0101", "192.168.1.1"), ("0:0:0:0:0:ffff:0:1", "0.0.0.1"),
        ]
    )
    func mapped(text: String, address: String) {
        var endpoint = NetworkEndpoint()
        let isSet = endpoint.setAddress(text)
        #expect(isSet)
        #expect(endpoint == NetworkEndpoint(ipv4: address))
    }

    @Test(
        "what is no address is refused and changes nothing",
        arguments: [
            "", " ", "localhost", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.04", "1.2.3.4 ", " 1.2.3.4", "0x1.2.3.4",
            "1.2.3.4:80", "[::1]", "::1%eth0", ":::", "1::2::3", "12345::", "2001:db8", "１.2.3.4", "::1\n",
            "1.2.3.4\0", "1.2.3.4\0.example.com", "::1\0junk",
        ]
    )
    func junk(_ text: String) {
        let before = NetworkEndpoint(serviceName: "shop", ipv4: "9.9.9.9", ipv6: "::9", port: 1)
        var endpoint = before
        let isSet = endpoint.setAddress(text)
        #expect(!isSet)
        #expect(endpoint == before)
    }

    @Test("part of a larger text can be an address")
    func substrings() {
        var endpoint = NetworkEndpoint()
        let header = "10.0.0.1, 2001:db8::1"
        let areSet = [endpoint.setAddress(header.prefix(8)), endpoint.setAddress(header.suffix(11))]
        #expect(areSet == [true, true])
        #expect(endpoint == NetworkEndpoint(ipv4: "10.0.0.1", ipv6: "2001:db8::1"))
    }
}
