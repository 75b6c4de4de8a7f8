// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector

/// What ``BlockWriter/table`` wrote.
struct BlockTable {
    struct Column {
        let role: ColumnRole
        let key: String
        /// The numbers of its values among those of all columns.
        let values: Range<Int>
    }

    let bytes: [UInt8]
    /// In lower case; nil for that of spans which name none.
    let services: [String?]
    let columns: [Column]
    /// Where each value begins, and where the last ends.
    private let bounds: [Int]

    init(_ bytes: [UInt8]) throws(SpanBlob.Damaged) {
        self.bytes = bytes
        var reader = try PackedReader(bytes, in: 0..<bytes.count)
        services = try reader.services()
        var columns: [Column] = []
        var count = 0
        for _ in 0..<(try reader.count(ofAtLeast: 2)) {
            columns.append(try reader.column(after: count))
            count = columns.last?.values.upperBound ?? count
        }
        self.columns = columns
        guard count <= reader.rest else { throw SpanBlob.Damaged() }
        var lengths: [Int] = []
        lengths.reserveCapacity(count)
        for _ in 0..<count { lengths.append(try reader.count()) }
        var place = reader.index
        bounds = try Self.bounds(of: lengths, from: &place)
        guard place == bytes.count else { throw SpanBlob.Damaged() }
    }

    private static func bounds(of lengths: [Int], from place: inout Int) throws(SpanBlob.Damaged) -> [Int] {
        var bounds = [place]
        bounds.reserveCapacity(lengths.count + 1)
        for length in lengths {
            let (next, overflow) = place.addingReportingOverflow(length)
            guard !overflow else { throw SpanBlob.Damaged() }
            place = next
            bounds.append(next)
        }
        return bounds
    }

    /// Where a value's bytes are.
    ///
    /// - Parameter value: its number among those of all columns.
    func place(of value: Int) -> Range<Int> { bounds[value]..<bounds[value + 1] }

    /// A reader of a value's bytes.
    func reader(of value: Int) throws(SpanBlob.Damaged) -> PackedReader {
        try PackedReader(bytes, in: place(of: value))
    }

    /// The text that a value's bytes are.
    func text(of value: Int) -> String { String(decoding: bytes[place(of: value)], as: UTF8.self) }
}

extension PackedReader {
    fileprivate mutating func services() throws(SpanBlob.Damaged) -> [String?] {
        var services: [String?] = []
        for _ in 0..<(try count()) {
            let length = try count()
            services.append(length == 0 ? nil : try text(of: length - 1))
        }
        return services
    }

    fileprivate mutating func column(after count: Int) throws(SpanBlob.Damaged) -> BlockTable.Column {
        guard let role = ColumnRole(rawValue: try byte()) else { throw SpanBlob.Damaged() }
        let key = role.isAttribute ? try text() : ""
        let values = try self.count()
        guard count + values <= bytes.count else { throw SpanBlob.Damaged() }
        return BlockTable.Column(role: role, key: key, values: count..<count + values)
    }
}
