// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

/// A trace as the page draws it: a short row for each span, without what only the detail of a span shows.
///
/// Fragments of a span are put together; the two sides of a call that share an id are two rows.
struct TraceOutline {
    /// What holds of a span.
    struct Flags: OptionSet {
        let rawValue: UInt8

        /// It failed.
        static let error = Flags(rawValue: 1)
        /// Its id is that of the client's side, too.
        static let shared = Flags(rawValue: 2)
        /// Its times were moved, because its machine's clock is behind.
        static let skewAdjusted = Flags(rawValue: 4)
        /// It has events.
        static let events = Flags(rawValue: 8)
        /// It has links.
        static let links = Flags(rawValue: 16)
        /// It has the debug flag.
        static let debug = Flags(rawValue: 32)
        /// Spans before it were left out, because the trace had as many as it may have.
        static let dropped = Flags(rawValue: 64)
    }

    /// A span.
    struct Row {
        let id: SpanID
        let parent: SpanID?
        let name: Int
        let service: Int
        /// As OTLP numbers them; zero when unknown.
        let kind: UInt8
        /// Nanoseconds after the start of the trace; nil when unknown.
        let offset: UInt64?
        /// Nanoseconds; nil when unknown.
        let duration: UInt64?
        let flags: Flags
    }

    let id: TraceID
    /// Nanoseconds since 1970; zero when no span has a start.
    let start: UInt64
    /// Nanoseconds from the first start to the last end.
    let duration: UInt64
    let names: [String]
    let services: [String]
    /// Those that began first at the front; those without a start last.
    let rows: [Row]
    /// How many spans are missing at least.
    let truncated: Int
    /// What is odd about the trace, in sentences.
    let problems: [String]

    /// - Parameters:
    ///   - id: as it was asked for.
    ///   - spans: as the store has them; at least one.
    ///   - adjusts: true when clock skew is to be mended.
    ///   - most: how many rows there may be.
    init(_ id: TraceID, _ spans: [SpanRecord], adjusts: Bool, most: Int) {
        let merged = SpanMerger.merge(spans)
        let all = adjusts ? SkewAdjustment.adjust(merged) : merged
        let starts = all.map { $0.startNanoseconds == 0 ? UInt64.max : $0.startNanoseconds }
        let order = all.indices.sorted { (starts[$0], $0) < (starts[$1], $1) }
        let first = order.first.map { starts[$0] } ?? .max
        let start = first == .max ? 0 : first
        let end = all.lazy.filter { $0.startNanoseconds > 0 }.map(\.endNanoseconds).max() ?? start
        var (names, services) = (NameList(), NameList())
        rows = order.prefix(most).map { Row(all[$0], after: start, &names, &services) }
        (self.id, self.start, duration) = (id, start, end - min(start, end))
        (self.names, self.services) = (names.names, services.names)
        let dropped = all.lazy.compactMap(\.droppedBefore).max() ?? 0
        truncated = dropped + (all.count - rows.count)
        problems = TraceProblems.of(all, dropped: dropped, leftOut: all.count - rows.count)
    }
}

extension TraceOutline.Row {
    fileprivate init(_ span: SpanRecord, after start: UInt64, _ names: inout NameList, _ services: inout NameList) {
        id = span.id
        parent = span.parentID
        name = names.number(of: span.name)
        service = services.number(of: span.serviceName ?? "")
        kind = span.kind?.pageNumber ?? 0
        offset = span.startNanoseconds == 0 ? nil : span.startNanoseconds - min(start, span.startNanoseconds)
        duration = span.durationNanoseconds == 0 ? nil : span.durationNanoseconds
        flags = TraceOutline.Flags(span)
    }
}

extension TraceOutline.Flags {
    fileprivate init(_ span: SpanRecord) {
        self = []
        if span.isError { insert(.error) }
        if span.isShared { insert(.shared) }
        if span[attribute: SkewAdjustment.key] != nil { insert(.skewAdjusted) }
        if !span.events.isEmpty { insert(.events) }
        if !span.links.isEmpty { insert(.links) }
        if span.isDebug { insert(.debug) }
        if span.droppedBefore != nil { insert(.dropped) }
    }
}

extension SpanRecord {
    /// How many spans of the trace were not stored before this one; nil when it does not say.
    var droppedBefore: Int? {
        guard case .int(let count) = self[attribute: SpanIntake.droppedSpansKey] else { return nil }
        return min(max(Int(count), 0), 1 << 52)  // anybody may send such an attribute
    }
}

extension SpanRecord.Kind {
    fileprivate var pageNumber: UInt8 {
        switch self {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }
}

/// Names in the order in which they came, each once.
private struct NameList {
    private(set) var names: [String] = []
    private var numbers: [String: Int] = [:]

    mutating func number(of name: String) -> Int {
        if let number = numbers[name] { return number }
        numbers[name] = names.count
        names.append(name)
        return names.count - 1
    }
}
