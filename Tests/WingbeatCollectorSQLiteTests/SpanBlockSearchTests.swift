// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatCollector
import WingbeatModel

@testable import WingbeatCollectorSQLite

@Suite("Searches of blocks")
struct SpanBlockSearchTests {
    /// What a search may ask for of what a span bears, whether the span meets it or not.
    private func criteria(of span: SpanRecord) -> [SpanCriterion] {
        var criteria: [SpanCriterion] = [
            .anything, .name(span.name.lowercased()), .duration(1...1000), .duration(0...0), .word("error"),
            .word("otel.status_code"), .tag(key: "otel.status_code", value: "OK"), .word("otel.dropped_links_count"),
        ]
        for attribute in span.attributes + (span.resource?.attributes ?? []) {
            let text = attribute.value.description
            criteria += [
                .word(attribute.key), .tag(key: attribute.key, value: text), .remoteService(text.lowercased()),
            ]
        }
        for event in span.events { criteria.append(.word(event.name)) }
        if let name = span.remoteEndpoint?.serviceName { criteria.append(.remoteService(name.lowercased())) }
        if case .error(let message) = span.status { criteria.append(.tag(key: "error", value: message)) }
        if let scope = span.scope { criteria.append(.tag(key: "otel.scope.name", value: scope.name)) }
        return criteria
    }

    @Test("a search finds exactly the traces with a span that meets the criterion, and no filter stands against it")
    func bruteForce() throws {
        for seed in 0..<3 as Range<UInt64> {
            let spans = randomSpans(60, seed: seed)
            let packed = SpanBlock.pack(spans)
            let block = try SpanBlock(packed.bytes)
            for span in spans {
                for criterion in criteria(of: span) {
                    for service in [nil, span.serviceName?.lowercased()] {
                        try expect(block, packed.filter, holds: spans, criterion, service)
                    }
                }
            }
        }
    }

    private func expect(
        _ block: SpanBlock,
        _ filter: [UInt8],
        holds spans: [SpanRecord],
        _ criterion: SpanCriterion,
        _ service: String?
    ) throws {
        let meeting = spans.filter { span in
            (service == nil || span.serviceName?.lowercased() == service) && criterion.isMet(by: span)
        }
        let found = try block.traces(meeting: criterion, service: service)
        #expect(found.map(\.low) == Set(meeting.map(\.traceID.low)).sorted(), "\(criterion) of \(service ?? "any")")
        for trace in found {
            let starts = spans.filter { $0.traceID.low == trace.low && $0.startNanoseconds > 0 }.map(\.startNanoseconds)
            #expect(trace.start == starts.min().map { Int64($0 / 1000) })
        }
        if !found.isEmpty {
            #expect(
                SpanBlock.mayHold(criterion, service: service, filter: filter),
                "\(criterion) of \(service ?? "any")"
            )
        }
    }

    @Test("realistic spans are found by what they bear, whose service it is included")
    func realistic() throws {
        var generator = RealisticSpans(seed: 2)
        let spans = generator.spans(500)
        let packed = SpanBlock.pack(spans)
        let block = try SpanBlock(packed.bytes)
        let criteria: [SpanCriterion] = [
            .tag(key: "http.response.status_code", value: "500"), .word("exception.type"), .word("error"),
            .name("select orders"), .remoteService("stock.shop.internal"), .tag(key: "host.name", value: "node-1"),
            .tag(key: "otel.scope.name", value: "shop.sql"), .duration(50_000...60_000), .anything,
            .tag(key: "error", value: "upstream timed out"), .tag(key: "process.pid", value: "4001"),
        ]
        for criterion in criteria {
            for service in [nil, "gateway", "stock", "nobody"] {
                try expect(block, packed.filter, holds: spans, criterion, service)
            }
        }
    }

    @Test("a filter rules out nearly all that is not there")
    func falsePositives() {
        var generator = RealisticSpans(seed: 3)
        let filter = SpanBlock.pack(generator.spans(2048)).filter
        let absent = (0..<10_000).map { SpanCriterion.tag(key: "user.id", value: "nobody \($0)") }
        #expect(absent.count { SpanBlock.mayHold($0, service: "orders", filter: filter) } < 50)
        #expect(absent.count { SpanBlock.mayHold($0, service: nil, filter: filter) } < 250)
        #expect(!SpanBlock.mayHold(.anything, service: "nobody", filter: filter))
        #expect(!SpanBlock.mayHold(.duration(1 << 40...1 << 41), service: nil, filter: filter))
        #expect(SpanBlock.mayHold(.anything, service: nil, filter: filter))
    }

    @Test("bytes that are no filter rule nothing out")
    func damagedFilter() {
        var generator = RealisticSpans(seed: 3)
        let filter = SpanBlock.pack(generator.spans(100)).filter
        for length in [0, 1, 5, 20] {
            #expect(SpanBlock.mayHold(.word("nobody"), service: nil, filter: Array(filter.prefix(length))))
        }
        #expect(SpanBlock.mayHold(.word("nobody"), service: nil, filter: [2] + filter.dropFirst()))
    }

    @Test("hashes that are kept on disk stay as they are")
    func hashes() {
        #expect(StableHash.of("") == 11_400_714_819_323_198_485)
        #expect(StableHash.of("a") == 2_189_122_111_202_889_691)
        #expect(StableHash.of("orders") == 8_569_059_709_751_264_722)
        #expect(StableHash.of("http.request.method") == 14_444_892_178_989_142_330)
        #expect(StableHash.of("a text of more than two times sixteen bytes") == 5_240_946_404_656_850_761)
    }
}
