// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatCollector
import WingbeatModel

@testable import WingbeatCollectorSQLite

@Suite("Blocks of spans")
struct SpanBlockTests {
    private func unpack(_ spans: [SpanRecord]) throws -> [SpanRecord] {
        try SpanBlock(SpanBlock.pack(spans).bytes).spans()
    }

    @Test("no spans make a block without any")
    func empty() throws {
        let packed = SpanBlock.pack([])
        let block = try SpanBlock(packed.bytes)
        #expect(try block.spans() == [])
        #expect(try block.spans(ofTrace: 1) == [])
        #expect(try block.traces(meeting: .anything, service: nil).isEmpty)
        #expect(packed.starts == nil)
        #expect(packed.count == 0)
        #expect(packed.traces == [])
    }

    @Test("a span comes back as it was, from the barest to the fullest")
    func everyPart() throws {
        let bare = SpanRecord(traceID: .smallest, id: .smallest)
        var fine = bare
        fine.status = .ok
        fine.localEndpoint = NetworkEndpoint()
        fine.remoteEndpoint = NetworkEndpoint()
        #expect(try unpack([bare]) == [bare])
        #expect(try unpack([everySpanPart]) == [everySpanPart])
        #expect(try unpack([bare, fine, bare]) == [bare, fine, bare])
    }

    @Test("times and numbers of every size come back", arguments: [0, 1, 999, 1000, 1 << 32, 1 << 63, UInt64.max])
    func numbers(number: UInt64) throws {
        var span = everySpanPart
        span.startNanoseconds = number
        span.durationNanoseconds = number
        span.events[1].nanoseconds = number
        let signed = Int64(bitPattern: number)
        span.attributes.append(Attribute("plus", .int(signed)))
        span.attributes.append(Attribute("minus", .int(0 &- signed)))
        span.attributes.append(Attribute("bits", .double(Double(bitPattern: number & ~(0x7FF << 52)))))
        #expect(try unpack([span, everySpanPart]) == [span, everySpanPart])
    }

    @Test("texts that are equal to Swift but not in their bytes stay apart")
    func equivalentTexts() throws {
        var span = SpanRecord(traceID: .smallest, id: .smallest)
        let texts = ["é", "e\u{301}"]
        span.attributes = texts.flatMap { key in texts.map { Attribute(key, $0) } }
        let back = try unpack([span])
        let bytes = { (span: SpanRecord) in
            span.attributes.map { Array($0.key.utf8) + Array($0.value.description.utf8) }
        }
        #expect(back.map(bytes) == [bytes(span)])
    }

    @Test("values as deep as the decoders let them be come back")
    func deepValues() throws {
        var span = SpanRecord(traceID: .smallest, id: .smallest)
        var value = AttributeValue.string("bottom")
        for level in 0..<40 { value = level % 2 == 0 ? .array([value]) : .map([Attribute("k", value)]) }
        span.attributes = [Attribute("deep", value)]
        #expect(try unpack([span]) == [span])
    }

    @Test("random spans come back as they were, those of a trace together and in the order in which they came")
    func manySpans() throws {
        for seed in 0..<20 as Range<UInt64> {
            let spans = randomSpans(150, seed: seed)
            let ids = Set(spans.map(\.traceID)).sorted { ($0.low, $0.high) < ($1.low, $1.high) }
            let sorted = ids.flatMap { id in spans.filter { $0.traceID == id } }
            #expect(try unpack(spans) == sorted)
        }
    }

    @Test("spans that share a resource still share it when they come back")
    func sharing() throws {
        var generator = RealisticSpans(seed: 1)
        let back = try unpack(generator.spans(100))
        let boxes = Set(back.compactMap { $0.sharedResource?.identity })
        #expect(boxes.count == 5)
    }

    @Test("a trace is found by the lower half of its id, with all that ends in it")
    func trace() throws {
        let spans = randomSpans(300, seed: 3)
        let block = try SpanBlock(SpanBlock.pack(spans).bytes)
        for low in Set(spans.map(\.traceID.low)) {
            #expect(Set(try block.spans(ofTrace: low)) == Set(spans.filter { $0.traceID.low == low }))
        }
        let absent = (0..<1000).filter { low in !spans.contains { $0.traceID.low == low } }
        for low in absent { #expect(try block.spans(ofTrace: UInt64(low)) == []) }
        #expect(try block.spans(ofTrace: .max) == [])
    }

    @Test("what is told beside the bytes is true")
    func told() throws {
        let spans =
            newTrace(7, start: 5) + newTrace(3, high: 1, start: 9) + newTrace(3, high: 2) + [span(1, of: 9, start: nil)]
        let packed = SpanBlock.pack(spans)
        #expect(packed.count == 13)
        #expect(packed.traces == [3, 7, 9])
        #expect(packed.starts == today * 1000...today * 1000 + 159)
    }

    @Test("a realistic span takes less than 45 bytes, filter included")
    func size() {
        var generator = RealisticSpans(seed: 1)
        let packed = SpanBlock.pack(generator.spans(2048))
        #expect(packed.bytes.count + packed.filter.count < 45 * packed.count)
        #expect(packed.filter.count < 4 * packed.count)
    }

    @Test("the format stays as it is: a block of every part of a span, byte by byte")
    func golden() throws {
        let packed = SpanBlock.pack([everySpanPart] + newTrace())
        let layout = try BlockLayout(packed.bytes)
        #expect(packed.bytes.first == 1)
        #expect(hex(try layout.table()) == goldenTable)
        #expect(hex(try layout.spans()) == goldenSpans)
        #expect(hex(packed.filter) == goldenFilter)
    }
}

/// Random spans of which some belong to one trace, or to traces whose ids differ in their higher halves only, and some
/// have their parents among the others.
func randomSpans(_ count: Int, seed: UInt64) -> [SpanRecord] {
    var random = RandomSpans(seed: seed)
    var spans = (0..<count).map { $0 % 2 == 0 ? random.openTelemetry() : random.zipkin() }
    for index in spans.indices where index % 3 > 0 {
        let other = spans[index / 4]
        let high = index % 7 == 0 ? other.traceID.high ^ 1 : other.traceID.high
        spans[index].traceID = TraceID(high: high, low: other.traceID.low) ?? other.traceID
        if index % 5 == 0 { spans[index].parentID = other.id }
    }
    return spans
}

/// Two digits a byte.
func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

private let goldenTable = """
    020966726f6e74656e64086261636b656e641a060100020114636c6e742f66696e61676c652e76657273696f6e010109\
    687474702e7061746801070104010601000301056572726f720107010403080109010104746578740103037965730103\
    026e6f010203696e74010306646f75626c650103046c69737401010001030562797465730103036d6170010a0105010b\
    010c0114030406041a061a0405070415060c03322203010108090c0004090b2b0309030866726f6e74656e6409313237\
    2e302e302e31676574706f7374362e34352e302f6170690b076261636b656e640e3139322e3136382e39392e313031a8\
    4603666f6f00000b076261636b656e640e3139322e3136382e39392e313031a846706f73747175657279474554202fc3\
    84f09f92a90d0264620e323030313a6462383a3a63303031dc1703e2bba90000056576656e7401016b04020400000004\
    53686f70010f736572766963652e76657273696f6e0303312e32061568747470733a2f2f6578616d706c652e636f6d2f\
    31036c696201310101730402071568747470733a2f2f6578616d706c652e636f6d2f326100620201ffffffffffffffff\
    05bfe0000000000000070303016104020702020700060200ff08020161000162080062726f6b656e20f09f9294010000\
    0000000000050000000000000003fedcba98765432100103776879030562617463680503623d3201613d3181060102ff\
    ffffff0f
    """
private let goldenSpans = """
    050482000001088100000102030405048a010607078101060708090a165b01060b0c070d0e0f10111213141509160a0a\
    1718190d0505070a15020201010101030301020301010101010101010101010101010104018080b4d9b2898506010102\
    000102030400020203010064c801ac0200de02c801960132b1ae1563ab02d18fa0be8ab4d1972fcf8fa0be8ab4d1972f\
    0001000000000000000101000000000001000000000000000000000000000000000000
    """
private let goldenFilter = """
    0102e3a5daba6deda59d62d9012a9260b75edf0229bcde7182850204d9843fdd1e8b271525c6a5cbf683e8eab074fbcb\
    a77e0b765a1059106c9dc22b8d64edb6611fa3e3f0271645850db7e84801472e57c654c574d25d62fca27a51074309e2
    """
