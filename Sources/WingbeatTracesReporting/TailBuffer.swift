// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule
import WingbeatModel
import WingbeatTraces

/// The spans of traces that have not ended in this process, and which traces were kept lately.
struct TailBuffer {
    private struct Trace {
        var spans: [FinishedSpan] = []
        let began: ContinuousClock.Instant
        let number: UInt64
    }

    private let limits: TailSamplingReporter.Configuration
    private var traces: [TraceID: Trace] = [:]
    /// By their beginning; a trace that has ended is still here, and is skipped.
    private var order: Deque<(id: TraceID, number: UInt64)> = []
    private var bytes = 0
    private var nextNumber: UInt64 = 0
    private var kept: Set<TraceID> = []
    private var keptOrder: Deque<TraceID> = []
    private(set) var spans = 0

    init(_ limits: TailSamplingReporter.Configuration) {
        self.limits = limits
    }

    /// True when an earlier part of the trace was kept, and so is this one.
    func isKept(_ id: TraceID) -> Bool { kept.contains(id) }

    /// Remembers that a trace is kept, for what ends after its local root.
    mutating func remember(_ id: TraceID) {
        guard kept.insert(id).inserted else { return }
        keptOrder.append(id)
        if keptOrder.count > limits.maximumTraces { kept.remove(keptOrder.removeFirst()) }
    }

    /// Adds a span.
    ///
    /// - Returns: the traces whose time has come: this one, where the span is its local root, and the oldest where
    ///   there are too many.
    mutating func add(_ span: FinishedSpan, at now: ContinuousClock.Instant) -> [[FinishedSpan]] {
        let id = span.record.traceID
        if traces[id] == nil {
            traces[id] = Trace(began: now, number: nextNumber)
            order.append((id, nextNumber))
            nextNumber += 1
        }
        traces[id]?.spans.append(span)
        spans += 1
        bytes += span.size
        var ended = span.record.isLocalRoot ? [take(id)] : []
        ended += takeOldest(at: now)
        return ended
    }

    /// Takes out the traces that are too old, or too many.
    mutating func takeOldest(at now: ContinuousClock.Instant) -> [[FinishedSpan]] {
        var ended: [[FinishedSpan]] = []
        while let first = order.first {
            if let trace = traces[first.id], trace.number == first.number {
                let isTooMuch = traces.count > limits.maximumTraces || bytes > limits.maximumBytes
                guard isTooMuch || trace.began.duration(to: now) >= limits.maximumAge else { break }
                ended.append(take(first.id))
            }
            order.removeFirst()
        }
        return ended
    }

    /// Takes out everything.
    mutating func takeAll() -> [[FinishedSpan]] {
        defer { order = [] }
        return order.compactMap { entry in traces[entry.id]?.number == entry.number ? take(entry.id) : nil }
    }

    private mutating func take(_ id: TraceID) -> [FinishedSpan] {
        let taken = traces.removeValue(forKey: id)?.spans ?? []
        spans -= taken.count
        for span in taken { bytes -= span.size }
        return taken
    }
}

extension SpanRecord {
    /// True when no span of this process is above it: at the root, and where the parent is known to be remote. Where
    /// nobody knows, the kind tells: who serves or consumes was called from elsewhere.
    var isLocalRoot: Bool {
        guard parentID != nil else { return true }
        if flags & 0x100 != 0 { return flags & 0x200 != 0 }
        return kind == .server || kind == .consumer
    }
}
