// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// What a ``FinishedSpan`` holds.
struct SpanContents {
    /// Without the attributes until somebody reads it.
    var record: SpanRecord
    /// The attributes until somebody reads the record.
    var attributes = AttributeBuffer()
    /// Keeps ``hot`` alive; nil when the span was made elsewhere.
    private(set) var route: TracerRoute?
    private(set) var hot: UnsafeMutablePointer<TracerRoute.Hot>?
    /// What the span needs while many threads may use it.
    var shared = SharedState()
    /// When it began on the monotonic clock; zero when the caller told when it began.
    var start: UInt64 = 0
    /// About how many bytes of memory it takes.
    var size = SpanContents.emptySize

    /// The object itself and what its lists take before anything is in them.
    private static let emptySize = 512

    init(_ record: SpanRecord) {
        self.record = record
    }

    /// Begins a span in the memory of an earlier one that was cleared.
    @inline(__always)
    mutating func begin(
        _ ids: SpanIDs,
        _ name: String,
        _ kind: SpanRecord.Kind,
        at start: UInt64,
        _ hot: UnsafeMutablePointer<TracerRoute.Hot>
    ) {
        record.traceID = ids.traceID
        record.id = ids.spanID
        record.parentID = ids.parentID
        record.name = name
        record.kind = kind
        record.flags = ids.flags
        record.isDebug = ids.sampling == .debug
        record.startNanoseconds = start
        size = Self.emptySize &+ name.utf8.count
        if self.hot != hot { belong(to: hot) }
    }

    @inline(never)
    private mutating func belong(to hot: UnsafeMutablePointer<TracerRoute.Hot>) {
        let route = hot.pointee.route.takeUnretainedValue()
        self.route = route
        self.hot = hot
        record.sharedResource = route.resource
        record.sharedScope = route.scope
    }

    /// Forgets what the last span left, but for the memory of its attributes and for who it is from.
    @inline(__always)
    mutating func clear() {
        attributes.clear()
        start = 0
        record.name = ""
        if case .unset = record.status {} else { record.status = .unset }
        if hasMore { clearMore() }
    }

    mutating func moveAttributesToRecord() {
        attributes.append(to: &record.attributes)
        attributes.clear()
    }

    private var hasMore: Bool {
        !record.attributes.isEmpty || !record.events.isEmpty || !record.links.isEmpty || !record.traceState.isEmpty
            || record.dropped.attributes | record.dropped.events | record.dropped.links != 0
    }

    @inline(never)
    private mutating func clearMore() {
        record.attributes.removeAll(keepingCapacity: record.attributes.count <= 32)
        record.events = []
        record.links = []
        record.traceState = ""
        record.dropped = SpanRecord.Dropped()
    }
}

/// What a span that begins needs of its parent.
struct SpanParent {
    let traceID: TraceID
    let spanID: SpanID
    let sampling: SamplingDecision
    let isRemote: Bool
    let hasRandomTraceID: Bool

    @inline(__always)
    init(_ context: borrowing TraceContext) {
        traceID = context.traceID
        spanID = context.spanID
        sampling = context.sampling
        isRemote = context.isRemote
        hasRandomTraceID = context.hasRandomTraceID
    }
}

/// The ids of a span that begins, and what was decided of it.
struct SpanIDs {
    let traceID: TraceID
    let spanID: SpanID
    let parentID: SpanID?
    let sampling: SamplingDecision
    let isBelowRemote: Bool
    let hasRandomTraceID: Bool

    /// OpenTelemetry's flags of a span that is recorded.
    var flags: UInt32 { (isBelowRemote ? 0x301 : 0x101) | (hasRandomTraceID ? 2 : 0) }

    func context(_ traceState: String) -> TraceContext {
        var context = TraceContext(
            traceID: traceID,
            spanID: spanID,
            parentID: parentID,
            sampling: sampling,
            traceState: traceState
        )
        context.hasRandomTraceID = hasRandomTraceID
        return context
    }
}
