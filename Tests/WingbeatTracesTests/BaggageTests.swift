// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Tracing
import WingbeatTraces

@Suite("Baggage")
struct BaggageTests {
    private let subject = TracerUnderTest()

    /// `#expect` cannot change what it looks at.
    private func isTaken(_ member: Baggage.Member, by baggage: inout Baggage) -> Bool { baggage.update(member) }

    @Test("without members it is empty, and is not written")
    func empty() {
        #expect(Baggage().isEmpty)
        #expect(Baggage().members.isEmpty)
        #expect(Baggage()["key"] == nil)
        var context = ServiceContext.topLevel
        context.baggage = Baggage()
        #expect(subject.inject(context).isEmpty)
    }

    @Test("a header is read: order, white space, properties, percent signs")
    func read() {
        let header = " userId = Am%C3%A9lie ,serverNode=DF%2028;hot;ttl = 30;=no;\"no\", isProduction=false,empty="
        let members = [
            Baggage.Member("userId", "Amélie"),
            Baggage.Member(
                "serverNode",
                "DF 28",
                properties: [Baggage.Property("hot"), Baggage.Property("ttl", "30")]
            ),
            Baggage.Member("isProduction", "false"), Baggage.Member("empty", ""),
        ]
        #expect(Baggage(header: header).members == members)
        #expect(Baggage(header: header)["userId"] == "Amélie")
        #expect(Baggage(header: header)["empty"]?.isEmpty == true)
        #expect(Baggage(header: header)["userid"] == nil, "case matters")
    }

    @Test(
        "a percent sign without two digits stays; what is no UTF-8 is replaced; plus is plus",
        arguments: [
            ("%", "%"), ("100%", "100%"), ("%4", "%4"), ("%zz", "%zz"), ("%%41", "%A"), ("%FF%41", "\u{FFFD}A"),
            ("a+b", "a+b"), ("%2B%2c", "+,"), ("a=b==", "a=b=="), ("%00", "\0"),
        ]
    )
    func decoding(written: String, value: String) {
        #expect(Baggage(header: "k=\(written)")["k"] == value)
    }

    @Test("what came in goes out, byte for byte, as long as nobody changes it")
    func unchanged() {
        let header = "userId = alice , node=DF%2028;prop=1;hot,a=%6a"
        var context = subject.extract(["baggage": header])
        #expect(subject.inject(subject.start("work", in: context).context)["baggage"] == header)
        context.baggage["tenant"] = "acme, inc"
        #expect(
            subject.inject(context)["baggage"] == "userId=alice,node=DF%2028;prop=1;hot,a=j,tenant=acme%2C%20inc"
        )
    }

    @Test(
        "members without a key that HTTP allows are left out, and what HTTP cannot carry is encoded",
        arguments: [
            ("garbage", ""), (",,", ""), ("=1", ""), ("a b=1", ""), ("a=1,garbage,b=2", "a=1,b=2"),
            ("ä=1,b=2", "b=2"), ("a=é", "a=%C3%A9"), ("a=1\r\nX-Evil: 1,b=2", "b=2"), ("a=1,,b=2", "a=1,b=2"),
            (";a=1,b=2", "b=2"), ("a,b=2", "b=2"),
        ]
    )
    func malformed(header: String, written: String) {
        #expect(Baggage(header: header).header == written)
    }

    @Test("members are set, replaced in their place, and removed")
    func change() {
        var baggage = Baggage()
        baggage["a"] = "1"
        baggage["b"] = "2"
        baggage["a"] = "3"
        #expect(baggage.header == "a=3,b=2")
        #expect(isTaken(Baggage.Member("b", "x;y", properties: [Baggage.Property("p", "q r")]), by: &baggage))
        #expect(baggage.header == "a=3,b=x%3By;p=q%20r")
        baggage["a"] = nil
        baggage["b"] = nil
        #expect(baggage.isEmpty)
    }

    @Test("of a key that is there twice the last is read, and one remains when it is set")
    func twice() {
        var baggage = Baggage(header: "a=1,b=2,a=3")
        #expect(baggage["a"] == "3")
        baggage["a"] = "4"
        #expect(baggage.header == "a=4,b=2")
    }

    @Test(
        "a key that HTTP does not allow is refused",
        arguments: ["", "a b", "a=b", "a,b", "a;b", "ä", "\"a\"", "a\n"]
    )
    func badKey(key: String) {
        var baggage = Baggage(header: "kept=1")
        #expect(!isTaken(Baggage.Member(key, "1"), by: &baggage))
        #expect(!isTaken(Baggage.Member("good", "1", properties: [Baggage.Property(key)]), by: &baggage))
        baggage[key] = "1"
        #expect(baggage.header == "kept=1")
    }

    @Test("180 members are kept, of more the first 180; none is added to them")
    func mostMembers() {
        let members = (1...181).map { "k\($0)=\($0)" }
        let full = members.prefix(180).joined(separator: ",")
        #expect(Baggage(header: full).header == full)
        var baggage = Baggage(header: members.joined(separator: ","))
        #expect(baggage.header == full)
        #expect(!isTaken(Baggage.Member("more", "1"), by: &baggage))
        #expect(isTaken(Baggage.Member("k1", "changed"), by: &baggage))
        #expect(baggage.members.count == 180)
    }

    @Test(
        "8192 bytes are kept; a member that does not fit is refused; a header that grows by encoding is cut between members"
    )
    func mostBytes() {
        var baggage = Baggage()
        #expect(isTaken(Baggage.Member("k", String(repeating: "v", count: 8190)), by: &baggage))
        #expect(baggage.header.utf8.count == 8192)
        #expect(!isTaken(Baggage.Member("a", ""), by: &baggage))
        #expect(!isTaken(Baggage.Member("k", String(repeating: "v", count: 8191)), by: &baggage))
        let growing = "a=1,b=" + String(repeating: "é", count: 4000)
        #expect(Baggage(header: growing).header == "a=1")
    }

    @Test("any text comes back as it was set")
    func roundTrip() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let scalars = (0..<40).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0..<0x2_0000, using: &generator))
            }
            let text = String(String.UnicodeScalarView(scalars))
            var baggage = Baggage()
            baggage["k"] = text
            #expect(Baggage(header: baggage.header).members == [Baggage.Member("k", text)])
            #expect(baggage.header.utf8.allSatisfy { (0x21...0x7E).contains($0) })
        }
    }
}
