// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

/// Spans as rows of our tables.
struct SpanRows: Sendable {
    /// Rows of `otel_traces`.
    let traces: [UInt8]
    /// Rows of `wingbeat_spans`.
    let spans: [UInt8]
    /// What belongs into `wingbeat_names`.
    private(set) var names: Set<NameRow> = []
    /// How many spans there are.
    let count: Int

    /// The columns of ``spans``.
    static let spanColumns = "TraceLow, TraceHigh, SpanId, Hash, Day, Start, Received, Span"

    var byteCount: Int { traces.count + spans.count }

    /// - Parameters:
    ///   - received: when the first of them came, in nanoseconds since 1970; each further one counts one more, so that
    ///     they come back in their order.
    init(_ records: some Collection<SpanRecord>, received: Int64, isModern: Bool, autocompleteKeys: Set<String>) {
        let starts = Self.starts(of: records)
        var traces = TraceRowWriter(isModern: isModern)
        var spans = RowWriter()
        for (offset, record) in records.enumerated() {
            let moment = received &+ Int64(offset)
            let start = record.storedStart ?? starts[record.traceID] ?? moment
            traces.append(record, start: start)
            Self.append(record, start: start, received: moment, to: &spans)
        }
        self.traces = traces.rows.bytes
        self.spans = spans.bytes
        count = records.count
        for record in records { collectNames(of: record, autocompleteKeys) }
    }

    /// The earliest known start of each trace, which stands in for one that is not known.
    private static func starts(of records: some Collection<SpanRecord>) -> [TraceID: Int64] {
        records.reduce(into: [:]) { starts, record in
            guard let start = record.storedStart else { return }
            starts[record.traceID] = min(starts[record.traceID] ?? start, start)
        }
    }

    private static func append(_ record: SpanRecord, start: Int64, received: Int64, to rows: inout RowWriter) {
        let packed = SpanBlob.pack([record])
        rows.append(record.traceID.low)
        rows.append(record.traceID.high)
        rows.append(record.id.value)
        rows.append(hash(packed))
        rows.append(UInt16(clamping: start / 86_400_000_000_000))
        rows.append(record.storedStart ?? 0)
        rows.append(received)
        rows.append(packed)
    }

    /// FNV-1a, 64 bits wide.
    private static func hash(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    private mutating func collectNames(of record: SpanRecord, _ autocompleteKeys: Set<String>) {
        guard let spelling = record.serviceName, !spelling.isEmpty else {
            insert(.span, "", record.name)
            collectValues(of: record, autocompleteKeys)
            return
        }
        let service = spelling.lowercased()
        insert(.service, "", spelling)
        insert(.span, service, record.name)
        insert(.remoteService, service, ZipkinSpan(record).remoteEndpoint?.serviceName ?? "")
        collectValues(of: record, autocompleteKeys)
    }

    private mutating func collectValues(of record: SpanRecord, _ keys: Set<String>) {
        guard !keys.isEmpty else { return }
        for (key, value) in ZipkinSpan(record).tags where keys.contains(key) {
            names.insert(NameRow(kind: .tagValue, service: key, name: value, spelling: value))
        }
    }

    private mutating func insert(_ kind: NameKind, _ service: String, _ spelling: String) {
        guard !spelling.isEmpty else { return }
        names.insert(NameRow(kind: kind, service: service, name: spelling.lowercased(), spelling: spelling))
    }
}

/// A row of `wingbeat_names`.
struct NameRow: Hashable, Sendable {
    let kind: NameKind
    /// In lower case.
    let service: String
    /// In lower case.
    let name: String
    /// The name as it came.
    let spelling: String

    /// The columns of ``append(to:)``.
    static let columns = "Kind, Service, Name, Spelling"

    func append(to rows: inout RowWriter) {
        rows.append(kind.rawValue)
        rows.append(service)
        rows.append(name)
        rows.append(spelling)
    }
}

extension SpanRecord {
    /// The start in nanoseconds since 1970, as far as ClickHouse's times go (the year 2262); nil when unknown.
    var storedStart: Int64? { startNanoseconds == 0 ? nil : Int64(clamping: startNanoseconds) }
}
