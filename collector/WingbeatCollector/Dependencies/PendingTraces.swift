// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// The spans of traces of which more may come, by the low half of their ids, in the order in which something was last
/// heard of them.
///
/// Spans stand in one array and are chained by their places, so that a trace costs no allocation of its own.
struct PendingTraces {
    private struct Slot {
        var digest: SpanDigest
        var next: Int32
    }

    private struct Trace {
        var key: UInt64
        var first: Int32
        var last: Int32
        var count: Int32
        var older: Int32
        var newer: Int32
        var lastHeard: Int64
    }

    private static let nowhere: Int32 = -1

    private var slots: [Slot] = []
    private var freeSlot = nowhere
    private var traces: [Trace] = []
    private var freeTrace = nowhere
    private var places: [UInt64: Int32] = [:]
    private var oldest = nowhere
    private var newest = nowhere
    /// How many spans there are.
    private(set) var spanCount = 0

    /// How many traces there are.
    var traceCount: Int { places.count }

    /// When something was last heard of the trace that was silent for longest; nil when there is none.
    var oldestHeard: Int64? { oldest == Self.nowhere ? nil : traces[Int(oldest)].lastHeard }

    /// Adds a span to its trace, which becomes the newest.
    ///
    /// - Returns: how many spans the trace has now.
    mutating func append(_ digest: SpanDigest, to key: UInt64, now: Int64) -> Int {
        let place = place(of: key)
        let slot = store(digest)
        let index = Int(place)
        if traces[index].last == Self.nowhere {
            traces[index].first = slot
        } else {
            slots[Int(traces[index].last)].next = slot
        }
        traces[index].last = slot
        traces[index].count += 1
        traces[index].lastHeard = now
        makeNewest(place)
        spanCount += 1
        return Int(traces[index].count)
    }

    /// Moves the spans of the trace that was silent for longest into the array, in the order in which they came.
    mutating func removeOldest(into spans: inout [SpanDigest]) {
        if oldest != Self.nowhere { remove(oldest, into: &spans) }
    }

    /// Moves the spans of a trace into the array.
    mutating func remove(_ key: UInt64, into spans: inout [SpanDigest]) {
        if let place = places[key] { remove(place, into: &spans) }
    }

    /// Calls the body with the spans of each trace.
    func forEach(_ body: ([SpanDigest]) -> Void) {
        var spans: [SpanDigest] = []
        var place = oldest
        while place != Self.nowhere {
            read(place, into: &spans)
            body(spans)
            place = traces[Int(place)].newer
        }
    }

    private func read(_ place: Int32, into spans: inout [SpanDigest]) {
        spans.removeAll(keepingCapacity: true)
        var slot = traces[Int(place)].first
        while slot != Self.nowhere {
            spans.append(slots[Int(slot)].digest)
            slot = slots[Int(slot)].next
        }
    }

    private mutating func remove(_ place: Int32, into spans: inout [SpanDigest]) {
        read(place, into: &spans)
        unlink(place)
        let trace = traces[Int(place)]
        places[trace.key] = nil
        slots[Int(trace.last)].next = freeSlot
        freeSlot = trace.first
        traces[Int(place)].newer = freeTrace
        freeTrace = place
        spanCount -= Int(trace.count)
    }

    private mutating func store(_ digest: SpanDigest) -> Int32 {
        let slot = freeSlot
        guard slot != Self.nowhere else {
            slots.append(Slot(digest: digest, next: Self.nowhere))
            return Int32(truncatingIfNeeded: slots.count - 1)
        }
        freeSlot = slots[Int(slot)].next
        slots[Int(slot)] = Slot(digest: digest, next: Self.nowhere)
        return slot
    }

    private mutating func place(of key: UInt64) -> Int32 {
        // Most spans come behind others of their trace.
        if newest != Self.nowhere, traces[Int(newest)].key == key { return newest }
        if let place = places[key] { return place }
        let place = add(key)
        places[key] = place
        return place
    }

    private mutating func add(_ key: UInt64) -> Int32 {
        let none = Self.nowhere
        let trace = Trace(key: key, first: none, last: none, count: 0, older: none, newer: none, lastHeard: 0)
        let place = freeTrace
        if place == none {
            traces.append(trace)
            linkAsNewest(Int32(truncatingIfNeeded: traces.count - 1))
            return newest
        }
        freeTrace = traces[Int(place)].newer
        traces[Int(place)] = trace
        linkAsNewest(place)
        return place
    }

    private mutating func makeNewest(_ place: Int32) {
        guard place != newest else { return }
        unlink(place)
        linkAsNewest(place)
    }

    private mutating func linkAsNewest(_ place: Int32) {
        traces[Int(place)].older = newest
        traces[Int(place)].newer = Self.nowhere
        if newest == Self.nowhere { oldest = place } else { traces[Int(newest)].newer = place }
        newest = place
    }

    private mutating func unlink(_ place: Int32) {
        let trace = traces[Int(place)]
        if trace.older == Self.nowhere { oldest = trace.newer } else { traces[Int(trace.older)].newer = trace.newer }
        if trace.newer == Self.nowhere { newest = trace.older } else { traces[Int(trace.newer)].older = trace.older }
    }
}
