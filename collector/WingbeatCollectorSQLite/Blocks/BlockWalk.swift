// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector

/// Goes through the spans of a block, one after the other, and says of each what its numbers are.
struct BlockWalk {
    let shapes: [BlockShape]
    /// Which trace the walk is in, and its first span; how many spans it has.
    private(set) var trace = -1
    private(set) var firstSpan = 0
    private(set) var spanCount = 0
    /// The earliest start of the trace's spans in microseconds; nil when none has one.
    private(set) var traceStart: UInt64?
    /// Which span of the block the walk is at.
    private(set) var span = -1
    private(set) var shape = 0
    private(set) var parent: UInt64 = 0
    /// How many parents that are not in the block the spans so far have.
    private(set) var foreignParents = 0
    /// Nanoseconds after the trace's start.
    private(set) var start: Int64 = 0
    private(set) var duration: UInt64 = 0
    /// Nanoseconds after the span's start.
    private(set) var eventTimes: [Int64] = []
    /// The values of the shape's columns, as numbers among those of all columns.
    private(set) var values: [Int] = []

    private let table: BlockTable
    private var traces: PackedReader
    private var shapeNumbers: PackedReader
    private var parents: PackedReader
    private var starts: PackedReader
    private var durations: PackedReader
    private var moments: PackedReader
    private var columns: [PackedReader] = []
    /// The next value of each column that has not occurred yet.
    private var fresh: [Int]
    private var previousStart: UInt64 = 0

    /// A walk through what ``BlockWriter/spans(traces:parents:)`` wrote.
    init(_ bytes: [UInt8], of table: BlockTable) throws(SpanBlob.Damaged) {
        self.table = table
        var reader = try PackedReader(bytes, in: 0..<bytes.count)
        shapes = try reader.shapes(of: table)
        var lengths: [Int] = []
        for _ in 0..<6 + table.columns.count { lengths.append(try reader.count()) }
        var streams: [PackedReader] = []
        for length in lengths { streams.append(try PackedReader(bytes, in: reader.range(of: length))) }
        (traces, shapeNumbers, parents) = (streams[0], streams[1], streams[2])
        (starts, durations, moments) = (streams[3], streams[4], streams[5])
        columns = Array(streams[6...])
        fresh = table.columns.map(\.values.lowerBound)
    }

    /// Goes to the next trace; the spans of the last must all have been visited.
    mutating func nextTrace() throws(SpanBlob.Damaged) {
        trace += 1
        firstSpan += spanCount
        spanCount = Int(clamping: try traces.number())
        traceStart = nil
        guard try traces.byte() != 0 else { return }
        previousStart = previousStart.moved(by: try traces.signed())
        traceStart = previousStart
    }

    /// Goes to the next span of the trace.
    mutating func nextSpan() throws(SpanBlob.Damaged) {
        span += 1
        shape = Int(clamping: try shapeNumbers.number())
        guard shape < shapes.count else { throw SpanBlob.Damaged() }
        parent = try parents.number()
        if parent == 1 { foreignParents += 1 }
        let unit = shapes[shape].bits.unit
        start = try starts.signed().multipliedReportingOverflow(by: unit).partialValue
        duration = try durations.number().multipliedReportingOverflow(by: UInt64(unit)).partialValue
        try readMoments(unit)
        try readValues()
    }

    private mutating func readMoments(_ unit: Int64) throws(SpanBlob.Damaged) {
        eventTimes.removeAll(keepingCapacity: true)
        for _ in 0..<shapes[shape].eventCount {
            eventTimes.append(try moments.signed().multipliedReportingOverflow(by: unit).partialValue)
        }
    }

    private mutating func readValues() throws(SpanBlob.Damaged) {
        values.removeAll(keepingCapacity: true)
        for column in shapes[shape].columns {
            let number = try columns[column].number()
            let known = table.columns[column].values
            if number == 0 {
                guard fresh[column] < known.upperBound else { throw SpanBlob.Damaged() }
                values.append(fresh[column])
                fresh[column] += 1
            } else {
                guard number <= UInt64(known.count) else { throw SpanBlob.Damaged() }
                values.append(known.lowerBound + Int(number) - 1)
            }
        }
    }
}
