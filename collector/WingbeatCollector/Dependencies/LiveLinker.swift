// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Counts calls from service to service while spans arrive: the spans of a trace wait until nothing more came of it for
/// a while, then the trace is linked, once, and its spans are forgotten.
///
/// Fragments and repeated spans that come while a trace waits are put together; what comes later is linked as if it
/// were a trace of its own.
struct LiveLinker {
    /// Limits of a linker.
    struct Limits {
        /// How long nothing must have come of a trace, in nanoseconds.
        var silence: Int64 = 10_000_000_000
        /// How many spans wait; when there are more, the traces that were silent for longest are linked early.
        var spans = 500_000
        /// How many spans of one trace wait before they are linked without waiting for more.
        var spansPerTrace = 100_000
        /// How many different links there may be; the calls of further ones are counted from `other` to `other`.
        var links = 20_000
    }

    private struct Edge: Hashable {
        let parent: UInt32
        let child: UInt32
    }

    private struct Key: Hashable {
        let edge: Edge
        let minute: Int64
    }

    private let limits: Limits
    private var pending = PendingTraces()
    private var linker = TraceLinker()
    private var scratch: [SpanDigest] = []
    private var counts: [Key: CallStatistics] = [:]
    private var known: Set<Edge> = []
    /// How many traces were linked before they had been silent for long enough.
    private(set) var linkedEarly = 0

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// How many spans wait.
    var pendingSpans: Int { pending.spanCount }

    /// Takes a span of a trace.
    ///
    /// - Parameters:
    ///   - trace: the low half of the trace's id.
    ///   - now: nanoseconds of a clock that does not jump.
    mutating func add(_ span: SpanDigest, of trace: UInt64, now: Int64, _ table: EndpointTable) {
        if pending.append(span, to: trace, now: now) >= limits.spansPerTrace {
            linkedEarly += 1
            pending.remove(trace, into: &scratch)
            link(table)
        }
        if pending.spanCount > limits.spans {
            linkedEarly += 1
            linkOldest(table)
        }
    }

    /// Links the traces that have been silent for long enough.
    mutating func linkSilent(now: Int64, _ table: EndpointTable) {
        while let heard = pending.oldestHeard, now - heard >= limits.silence { linkOldest(table) }
    }

    /// Links all traces.
    mutating func linkAll(_ table: EndpointTable) {
        while pending.traceCount > 0 { linkOldest(table) }
    }

    /// Hands over what was counted since the last time.
    mutating func takeRollups(_ table: EndpointTable) -> [Rollup] {
        defer { counts.removeAll(keepingCapacity: true) }
        return rollups(table)
    }

    /// What was counted and not taken.
    func rollups(_ table: EndpointTable) -> [Rollup] {
        counts.map { key, calls in Self.rollup(key, calls, table) }
    }

    /// The calls in traces that wait and began in a window of microseconds since 1970.
    func pendingRollups(in window: ClosedRange<Int64>, _ table: EndpointTable) -> [Rollup] {
        var linker = linker
        var counts: [Key: CallStatistics] = [:]
        pending.forEach { spans in
            guard let start = Self.timestamp(of: spans), window.contains(start) else { return }
            linker.link(spans, table)
            for call in linker.calls {
                let edge = Edge(parent: call.parent, child: call.child)
                counts[Key(edge: edge, minute: start / 60_000_000), default: CallStatistics()]
                    .record(nanoseconds: call.duration, isError: call.isError)
            }
        }
        return counts.map { key, calls in Self.rollup(key, calls, table) }
    }

    private mutating func linkOldest(_ table: EndpointTable) {
        pending.removeOldest(into: &scratch)
        link(table)
    }

    /// A trace of which no span says when it was is not counted: no window would find it.
    private mutating func link(_ table: EndpointTable) {
        guard let start = Self.timestamp(of: scratch) else { return }
        linker.link(scratch, table)
        for call in linker.calls {
            let key = Key(edge: admitted(Edge(parent: call.parent, child: call.child)), minute: start / 60_000_000)
            counts[key, default: CallStatistics()].record(nanoseconds: call.duration, isError: call.isError)
        }
    }

    private mutating func admitted(_ edge: Edge) -> Edge {
        if known.contains(edge) { return edge }
        guard known.count < limits.links else { return Edge(parent: NameTable.other, child: NameTable.other) }
        known.insert(edge)
        return edge
    }

    private static func rollup(_ key: Key, _ calls: CallStatistics, _ table: EndpointTable) -> Rollup {
        Rollup(
            .link,
            minute: key.minute,
            service: table.names[key.edge.parent],
            name: table.names[key.edge.child],
            calls: calls
        )
    }

    /// When a trace began, in microseconds since 1970: its root's start, or else the earliest.
    private static func timestamp(of spans: [SpanDigest]) -> Int64? {
        var earliest = UInt64.max
        for span in spans where span.start > 0 {
            if span.parent == 0 { return Int64(span.start / 1000) }
            earliest = min(earliest, span.start)
        }
        return earliest == .max ? nil : Int64(earliest / 1000)
    }
}
