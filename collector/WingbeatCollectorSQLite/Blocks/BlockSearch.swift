// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

/// Finds the traces of a block with a span that meets a criterion.
///
/// The values of the columns say which spans may meet it. Only those are made and looked at, until each trace is sure.
struct BlockSearch {
    private let criterion: SpanCriterion
    private let table: BlockTable
    /// For each service whether its spans count.
    private let services: [Bool]
    private let candidates: BlockCandidates

    /// Nil when no span of the block can meet the criterion.
    init?(_ criterion: SpanCriterion, service: String?, _ table: BlockTable) throws(SpanBlob.Damaged) {
        self.criterion = criterion
        self.table = table
        services = table.services.map { name in service.map { name?.hasSameBytes(as: $0) == true } ?? true }
        candidates = try BlockCandidates(criterion, table)
        guard services.contains(true), !candidates.isEmpty else { return nil }
    }

    /// The traces by the lower halves of their ids, each once, with their earliest start.
    func traces(of layout: BlockLayout) throws(SpanBlob.Damaged) -> [(low: UInt64, start: Int64?)] {
        var reader = try BlockReader(layout, table)
        var isMet = Array(repeating: false, count: layout.traceCount)
        var starts = [UInt64?](repeating: nil, count: layout.traceCount)
        try reader.visit(tracesBefore: layout.traceCount) { reader throws(SpanBlob.Damaged) in
            let trace = reader.trace
            starts[trace] = reader.walk.traceStart
            if isMet[trace] { return }
            isMet[trace] = try isMetBySpan(at: &reader)
        }
        return Self.merged(layout, isMet, starts)
    }

    /// Traces whose ids differ in their higher halves only are one.
    private static func merged(
        _ layout: BlockLayout,
        _ isMet: [Bool],
        _ starts: [UInt64?]
    ) -> [(low: UInt64, start: Int64?)] {
        var merged: [(low: UInt64, start: Int64?)] = []
        var trace = 0
        while trace < layout.traceCount {
            let same = layout.traces(low: layout.low(trace))
            let rest = trace..<max(same.upperBound, trace + 1)
            if isMet[rest].contains(true) {
                merged.append((layout.low(trace), starts[rest].compactMap { $0 }.min().map { Int64(clamping: $0) }))
            }
            trace = rest.upperBound
        }
        return merged
    }

    private func isMetBySpan(at reader: inout BlockReader) throws(SpanBlob.Damaged) -> Bool {
        let shape = reader.walk.shapes[reader.walk.shape]
        guard services[shape.service] else { return false }
        switch criterion {
        case .anything: return true
        case .duration(let range): return range.contains(ZipkinSpan.duration(reader.walk.duration) ?? 0)
        default: break
        }
        guard candidates.contain(shape, reader.walk.values) else { return false }
        return criterion.isMet(by: try reader.record())
    }
}
