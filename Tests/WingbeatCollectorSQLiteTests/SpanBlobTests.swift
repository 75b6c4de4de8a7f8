// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatCollector
import WingbeatModel

@testable import WingbeatCollectorSQLite

/// A span with something in every part that a span can have.
var everySpanPart: SpanRecord {
    var span = span(
        0xFEDC_BA98_7654_3210,
        of: 3,
        high: 5,
        parent: 77,
        .producer,
        at: backend,
        to: database,
        named: "GET /Ä",
        start: 1,
        duration: 350
    )
    span.durationNanoseconds += 1
    span.status = .error("broken 💔")
    span.attributes = [
        Attribute("text", "a\u{0}b"), Attribute("yes", true), Attribute("no", false), Attribute("int", .int(.min)),
        Attribute("double", -0.5), Attribute("list", .array(["a", 1, .array([true, .array([])])])), Attribute("", ""),
    ]
    span.events = [
        SpanRecord.Event(nanoseconds: .max, name: "event", attributes: [Attribute("k", 1)]),
        SpanRecord.Event(nanoseconds: 0, name: ""),
    ]
    span.links = [
        SpanRecord.Link(traceID: span.traceID, spanID: span.id, attributes: [Attribute("why", "batch")])
    ]
    span.resource = Resource(serviceName: "Shop", attributes: [Attribute("service.version", "1.2")])
    addDetails(to: &span)
    span.isShared = true
    span.isDebug = true
    return span
}

/// What Zipkin does not know.
private func addDetails(to span: inout SpanRecord) {
    span.attributes += [
        Attribute("bytes", .bytes([0, 255])),
        Attribute("map", .map([Attribute("a", .empty), Attribute("b", .map([]))])),
    ]
    span.traceState = "a=1"
    span.flags = 0x301
    span.dropped.attributes = 1
    span.dropped.events = 2
    span.dropped.links = .max
    span.events[0].droppedAttributes = 4
    span.links[0].droppedAttributes = 5
    span.links[0].traceState = "b=2"
    span.links[0].flags = 1
    span.resource?.droppedAttributes = 6
    span.resource?.schemaURL = "https://example.com/1"
    span.scope = InstrumentationScope(name: "lib", version: "1", attributes: [Attribute("s", 1)])
    span.scope?.droppedAttributes = 7
    span.scope?.schemaURL = "https://example.com/2"
}

@Suite("Packed spans")
struct SpanBlobTests {
    private func unpack(_ bytes: [UInt8]) -> [SpanRecord]? {
        try? SpanBlob.unpack(bytes, of: everySpanPart.traceID)
    }

    private func ofTrace(_ spans: [SpanRecord]) -> [SpanRecord] {
        spans.map { span in
            var span = span
            span.traceID = everySpanPart.traceID
            return span
        }
    }

    @Test("no spans pack to two bytes, and no bytes are damage")
    func empty() {
        #expect(SpanBlob.pack([]) == [1, 0])
        #expect(unpack([1, 0]) == [])
        #expect(unpack([]) == nil)
    }

    @Test("spans come back as they were, from the barest to the fullest")
    func roundTrip() {
        let bare = SpanRecord(traceID: everySpanPart.traceID, id: .smallest)
        var fine = bare
        fine.status = .ok
        fine.localEndpoint = NetworkEndpoint()
        let spans = ofTrace([bare, everySpanPart, fine] + newTrace())
        #expect(unpack(SpanBlob.pack(spans)) == spans)
        #expect(unpack(SpanBlob.pack([bare])) == [bare])
    }

    @Test("what spans share is written once, shared again when it comes back, and damage where there is none before")
    func sharing() throws {
        var (first, second, other) = (everySpanPart, everySpanPart, everySpanPart)
        second.id = .smallest
        second.sharedResource = first.sharedResource
        second.sharedScope = first.sharedScope
        second.sharedLocalEndpoint = first.sharedLocalEndpoint
        other.localEndpoint = NetworkEndpoint(serviceName: "other")
        other.resource = nil
        first.remoteEndpoint = nil
        let spans = [first, second, other, second]
        let back = try #require(unpack(SpanBlob.pack(spans)))
        #expect(back == spans)
        #expect(back[0].sharedResource?.identity == back[1].sharedResource?.identity)
        #expect(back[0].sharedScope?.identity == back[1].sharedScope?.identity)
        #expect(back[0].sharedLocalEndpoint?.identity == back[1].sharedLocalEndpoint?.identity)
        let (one, two) = (SpanBlob.pack([first]), SpanBlob.pack([first, second]))
        let alone = [1, 1] + two.dropFirst(one.count)
        #expect(alone.count < SpanBlob.pack([second]).count - 50)
        #expect(unpack(Array(alone)) == nil)
    }

    @Test("numbers of every size come back", arguments: [0, 1, 127, 128, 16_383, 16_384, 1 << 63, UInt64.max])
    func numbers(number: UInt64) {
        var span = everySpanPart
        span.startNanoseconds = number
        span.durationNanoseconds = number
        #expect(unpack(SpanBlob.pack([span])) == [span])
    }

    @Test("bytes that are cut off anywhere are damage")
    func truncated() {
        let bytes = SpanBlob.pack(ofTrace([everySpanPart] + newTrace()))
        for length in bytes.indices where unpack(Array(bytes.prefix(length))) != nil {
            Issue.record("cut off after \(length) of \(bytes.count) bytes, spans were found")
        }
    }

    @Test("bytes of another format are damage")
    func otherFormat() {
        var bytes = SpanBlob.pack([everySpanPart])
        bytes[0] = 2
        #expect(unpack(bytes) == nil)
    }

    @Test("counts and lengths beyond the bytes are damage, not a reason to reserve memory")
    func hugeCounts() {
        let huge: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]
        #expect(unpack([1] + huge) == nil)
        #expect(unpack([1, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]) == nil)
        let header: [UInt8] = [1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
        #expect(unpack(header + huge) == nil)
        #expect(unpack([1] + Array(repeating: 0xFF, count: 20)) == nil)
    }

    @Test("50,000 damaged packs are read or refused")
    func mutated() {
        var generator = SeededGenerator(seed: 1)
        let bytes = SpanBlob.pack(ofTrace([everySpanPart, newTrace()[1]]))
        var refused = 0
        for _ in 0..<50_000 {
            var damaged = bytes
            for _ in 0...Int.random(in: 0..<3, using: &generator) {
                let index = Int.random(in: damaged.indices, using: &generator)
                damaged[index] = UInt8.random(in: .min ... .max, using: &generator)
            }
            if unpack(damaged) == nil { refused += 1 }
        }
        #expect(refused > 100)
    }
}
