// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatSpans
import WingbeatModel

/// The memory of a tracer's spans that nobody needs any more, for the next ones.
///
/// Each thread keeps some of it, so that it seldom comes here.
public final class SpanPool: Sendable {
    /// As many as a reporter's queue holds by default.
    private static let capacity = 8192
    /// How many a thread takes at once.
    private static let handful = wingbeat_spares_capacity / 2

    private struct State {
        var spans: [FinishedSpan] = []
        var isClosed = false
    }

    private let state = Locked(State())

    /// Memory for a span, which still has to begin and has to be given back.
    @inline(__always)
    static func take(_ hot: UnsafeMutablePointer<TracerRoute.Hot>) -> Unmanaged<FinishedSpan> {
        let owner = UnsafeRawPointer(hot.pointee.pool.toOpaque())
        guard let spare = wingbeat_spares_take(owner) else {
            return hot.pointee.pool._withUnsafeGuaranteedRef { $0.takeMore(owner) }
        }
        return Unmanaged.fromOpaque(spare)
    }

    @inline(never)
    private func takeMore(_ owner: UnsafeRawPointer) -> Unmanaged<FinishedSpan> {
        if wingbeat_spares_room(owner) == 0 {
            wingbeat_spares_adopt(owner) { Unmanaged<FinishedSpan>.fromOpaque($0).release() }
        }
        let room = min(Int(wingbeat_spares_room(owner)), Self.handful)
        let span = state.withLock { state in
            for span in state.spans.suffix(room) { wingbeat_spares_put(Unmanaged.passRetained(span).toOpaque()) }
            state.spans.removeLast(min(room, state.spans.count))
            return state.spans.popLast()
        }
        return .passRetained(span ?? FinishedSpan())
    }

    /// Takes back those spans that nobody else holds. A reporter that has encoded a batch calls it, so that the next spans
    /// need not allocate; one that does not only costs that.
    public static func recycle(_ spans: consuming [FinishedSpan]) {
        var spans = spans
        var pool: SpanPool?
        var free: [FinishedSpan] = []
        free.reserveCapacity(spans.count)
        for index in spans.indices {
            guard isKnownUniquelyReferenced(&spans[index]), let hot = spans[index].contents.pointee.hot else {
                continue
            }
            spans[index].contents.pointee.clear()
            let owner = hot.pointee.pool.takeUnretainedValue()
            if pool !== owner {
                pool?.put(free)
                free.removeAll(keepingCapacity: true)
                pool = owner
            }
            free.append(spans[index])
        }
        pool?.put(free)
    }

    /// Takes back a span that nobody else holds.
    @inline(__always)
    static func put(
        _ span: Unmanaged<FinishedSpan>,
        _ contents: UnsafeMutablePointer<SpanContents>,
        _ hot: UnsafeMutablePointer<TracerRoute.Hot>
    ) {
        contents.pointee.clear()
        guard wingbeat_spares_room(UnsafeRawPointer(hot.pointee.pool.toOpaque())) > 0 else {
            return hot.pointee.pool._withUnsafeGuaranteedRef { $0.put([span.takeRetainedValue()]) }
        }
        wingbeat_spares_put(span.toOpaque())
    }

    /// Lets go of all spans: they hold the tracer's parts, which hold the pool.
    func close() {
        let spans = state.withLock { state in
            defer { state.spans = [] }
            state.isClosed = true
            return state.spans
        }
        _ = spans  // released outside the lock
    }

    private func put(_ spans: [FinishedSpan]) {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.spans.append(contentsOf: spans.prefix(Self.capacity - state.spans.count))
        }
    }
}
