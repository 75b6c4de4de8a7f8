// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatCells
import Synchronization
public import WingbeatModel

/// A span that has ended, on its way to reporters.
///
/// Nobody changes it any more, so it may be kept and read on any thread. Where the last one who holds it gives it back
/// to the ``SpanPool``, its memory serves the next span. `@unchecked`, for until it ends it is changed by one thread at
/// a time: by the owner of an ``OwnedSpan``, or under the lock of a ``WingbeatSpan``.
public final class FinishedSpan: @unchecked Sendable {
    /// Apart from the object, so that changes are not checked for overlapping ones at run time.
    let contents: UnsafeMutablePointer<SpanContents>
    /// False while attributes are apart from the record, where the first who reads it puts them.
    private let isWhole = Atomic<Bool>(true)

    /// A span that was made elsewhere.
    public init(_ record: SpanRecord) {
        contents = .allocate(capacity: 1)
        contents.initialize(to: SpanContents(record))
        contents.pointee.size += record.name.utf8.count + record.attributes.reduce(0) { $0 + $1.size }
        contents.pointee.size += record.events.reduce(0) { $0 + $1.size } + record.links.reduce(0) { $0 + $1.size }
    }

    /// A span that still has to begin.
    init() {
        contents = .allocate(capacity: 1)
        contents.initialize(to: SpanContents(SpanRecord(traceID: .smallest, id: .smallest)))
    }

    deinit {
        contents.pointee.attributes.free()
        contents.deinitialize(count: 1)
        contents.deallocate()
    }

    /// What was recorded.
    public var record: SpanRecord {
        _read {
            if !isWhole.load(ordering: .acquiring) { makeWhole() }
            yield contents.pointee.record
        }
    }

    @inline(never)
    private func makeWhole() {
        wingbeat_lock_acquire(readers)
        defer { wingbeat_lock_release(readers) }
        contents.pointee.moveAttributesToRecord()
        isWhole.store(true, ordering: .releasing)
    }

    /// About how many bytes of memory it takes.
    public var size: Int { contents.pointee.size }

    /// Ends the span and gives it to the reporter, which may keep it.
    @inline(__always)
    static func handOver(_ span: Unmanaged<FinishedSpan>, duration: UInt64) {
        let contents = span._withUnsafeGuaranteedRef { $0.contents }
        contents.pointee.record.durationNanoseconds = max(duration, 1)
        guard let hot = contents.pointee.hot else { return span.release() }
        hot.pointee.counts.ended()
        if hot.pointee.isDiscarding { return SpanPool.put(span, contents, hot) }
        hot.pointee.route._withUnsafeGuaranteedRef { route in
            span._withUnsafeGuaranteedRef { span in
                // The reporter publishes it.
                span.isWhole.store(contents.pointee.attributes.isEmpty, ordering: .relaxed)
                route.reporter.report(span)
            }
        }
        span.release()
    }

    /// Lets go of a span that was never ended.
    static func forget(_ span: Unmanaged<FinishedSpan>) {
        let contents = span._withUnsafeGuaranteedRef { $0.contents }
        contents.pointee.shared = SharedState()
        guard let hot = contents.pointee.hot else { return span.release() }
        hot.pointee.counts.forgotten()
        SpanPool.put(span, contents, hot)
    }
}

/// Several reporters may read one span at the same time, but seldom do. A lock that the thread sanitizer knows.
nonisolated(unsafe) private let readers = wingbeat_lock_make()
