// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

/// Reads spans of a block, one after the other.
struct BlockReader {
    private let layout: BlockLayout
    private(set) var walk: BlockWalk
    private var values: BlockValues

    init(_ layout: BlockLayout) throws(SpanBlob.Damaged) {
        try self.init(layout, BlockTable(layout.table()))
    }

    init(_ layout: BlockLayout, _ table: BlockTable) throws(SpanBlob.Damaged) {
        self.layout = layout
        walk = try BlockWalk(layout.spans(), of: table)
        values = BlockValues(table)
    }

    /// The trace in which the walk is, by its place in the block.
    var trace: Int { walk.trace }

    /// Calls the body at each span of the first traces.
    mutating func visit(
        tracesBefore end: Int,
        _ body: (inout BlockReader) throws(SpanBlob.Damaged) -> Void
    ) throws(SpanBlob.Damaged) {
        for _ in 0..<end {
            try walk.nextTrace()
            guard walk.spanCount <= layout.spanCount - walk.firstSpan else { throw SpanBlob.Damaged() }
            for _ in 0..<walk.spanCount {
                try walk.nextSpan()
                try body(&self)
            }
        }
    }

    /// The span at which the walk is.
    mutating func record() throws(SpanBlob.Damaged) -> SpanRecord {
        let trace = TraceID(high: layout.high(walk.trace), low: layout.low(walk.trace))
        guard let trace, let id = SpanID(layout.id(walk.span)) else { throw SpanBlob.Damaged() }
        var span = SpanRecord(traceID: trace, id: id)
        span.parentID = try parent()
        let shape = walk.shapes[walk.shape]
        span.kind = shape.kind
        span.isShared = shape.bits.contains(.isShared)
        span.isDebug = shape.bits.contains(.isDebug)
        if shape.bits.contains(.isOK) { span.status = .ok }
        for (column, value) in zip(shape.columns, walk.values) { try values.add(value, of: column, to: &span) }
        setTimes(of: &span)
        return span
    }

    private func parent() throws(SpanBlob.Damaged) -> SpanID? {
        switch walk.parent {
        case 0: return nil
        case 1: return SpanID(try layout.foreignParent(walk.foreignParents - 1))
        default:
            guard walk.parent - 2 < UInt64(walk.spanCount) else { throw SpanBlob.Damaged() }
            return SpanID(layout.id(walk.firstSpan + Int(walk.parent - 2)))
        }
    }

    private func setTimes(of span: inout SpanRecord) {
        let base = (walk.traceStart ?? 0).multipliedReportingOverflow(by: 1000).partialValue
        span.startNanoseconds = base.moved(by: walk.start)
        span.durationNanoseconds = walk.duration
        let eventBase = span.eventBase(base)
        for index in span.events.indices where index < walk.eventTimes.count {
            span.events[index].nanoseconds = eventBase.moved(by: walk.eventTimes[index])
        }
    }
}
