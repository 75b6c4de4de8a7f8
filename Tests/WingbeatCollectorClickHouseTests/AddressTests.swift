// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollectorClickHouse

@Suite("The address of ClickHouse")
struct AddressTests {
    @Test("A host alone has the defaults")
    func hostAlone() throws {
        let address = try ClickHouseAddress("clickhouse://db")
        #expect(address.hosts.map(\.name) == ["db"])
        #expect(address.hosts.map(\.port) == [8123])
        #expect(address.user == "default")
        #expect(address.password.isEmpty)
        #expect(address.database == "wingbeat")
        #expect(address.cluster == nil)
        #expect(!address.isEncrypted)
        #expect(address.batchInterval == .milliseconds(200))
    }

    @Test("Every part is read, and what was encoded decoded")
    func everyPart() throws {
        let address = try ClickHouseAddress(
            "clickhouses://span%20writer:s3cret%2F%40%3A@db1:8124,[2001:db8::1]:8443,[::1]/a%2Fb?cluster=two&batch_ms=50"
        )
        #expect(address.hosts.map(\.name) == ["db1", "[2001:db8::1]", "[::1]"])
        #expect(address.hosts.map(\.port) == [8124, 8443, 8123])
        #expect(address.user == "span writer")
        #expect(address.password == "s3cret/@:")
        #expect(address.database == "a/b")
        #expect(address.cluster == "two")
        #expect(address.isEncrypted)
        #expect(address.batchInterval == .milliseconds(50))
    }

    @Test("What is shown holds no password")
    func shown() throws {
        let address = try ClickHouseAddress("clickhouse://me:secret@db/spans")
        #expect(address.description == "clickhouse://db:8123/spans")
    }

    @Test(
        "What cannot be is refused with a reason that does not repeat the password",
        arguments: [
            ("http://db", "an address of ClickHouse begins with clickhouse:// or clickhouses://"),
            ("clickhouse://", "ClickHouse's address names no host"),
            ("clickhouse://me:secret@", "ClickHouse's address names no host"),
            ("clickhouse://me:secret%@db", "the user or the password of ClickHouse's address is not well encoded"),
            ("clickhouse://db:http", "db:http is no host of ClickHouse: expected HOST, HOST:PORT or [IPV6]:PORT"),
            ("clickhouse://db:70000", "db:70000 is no host of ClickHouse: expected HOST, HOST:PORT or [IPV6]:PORT"),
            ("clickhouse://:8123", ":8123 is no host of ClickHouse: expected HOST, HOST:PORT or [IPV6]:PORT"),
            ("clickhouse://a,b", "several hosts of ClickHouse need ?cluster=, the name under which they replicate"),
            ("clickhouse://a?batch_ms=-1", "batch_ms=-1 is not a number of milliseconds from 0 to 10000"),
            ("clickhouse://a/b?secure=1", "ClickHouse's address has secure=1; known are cluster= and batch_ms="),
        ]
    )
    func refused(_ text: String, _ reason: String) {
        do throws(ClickHouseAddress.Invalid) {
            _ = try ClickHouseAddress(text)
            Issue.record("\(text) was taken")
        } catch {
            #expect(error.description == reason)
        }
    }
}
