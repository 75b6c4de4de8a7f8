// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization
import WingbeatCollector
public import WingbeatModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes heads that are full into the files of their hours, on a queue of its own.
///
/// A head stays readable until its blocks are. When writing fails the head is kept, its spans are in the journal, and
/// it is tried again, ever more seldom, up to every half minute.
final class Sealer: Sendable {
    /// How many heads may wait before the writer does.
    static let maximumWaiting = 3

    private struct State {
        var waiting: [Head] = []
        var isWorking = false
        var failure: SpanStoreError?
    }

    private let queue: DispatchQueue
    private let files: HourFiles
    private let view: LiveView
    private let journalDirectory: String
    private let keep: SpanKeeping?
    private let afterwards: @Sendable () -> Void
    private let notice: Notice
    private let state = Mutex(State())
    private let lock: FolderLock

    init(
        queue: DispatchQueue,
        files: HourFiles,
        view: LiveView,
        directory: String,
        lock: FolderLock,
        keep: SpanKeeping?,
        afterwards: @escaping @Sendable () -> Void,
        notice: @escaping Notice
    ) {
        self.queue = queue
        self.files = files
        self.view = view
        journalDirectory = directory + "/journal"
        self.lock = lock
        self.keep = keep
        self.afterwards = afterwards
        self.notice = notice
    }

    /// Why the last try failed; nil when it did not.
    var failure: SpanStoreError? { state.withLock { $0.failure } }

    /// True when so many heads wait that the writer must wait, too.
    var isFull: Bool { state.withLock { $0.waiting.count >= Self.maximumWaiting } }

    /// Takes over a head to which nothing is added any more.
    func seal(_ head: Head) {
        let mustStart = state.withLock { state in
            state.waiting.append(head)
            defer { state.isWorking = true }
            return !state.isWorking
        }
        if mustStart { queue.async { self.sealWaiting() } }
    }

    /// Seals what waits, or says why that is not possible; on the caller's thread, which must be the queue's.
    func finish() throws(SpanStoreError) {
        while let head = state.withLock({ $0.waiting.first }) { try seal(now: head) }
    }

    private func sealWaiting(pause: Int = 1) {
        while let head = next() {
            do throws(SpanStoreError) {
                try seal(now: head)
            } catch {
                queue.asyncAfter(deadline: .now() + .seconds(pause)) { self.sealWaiting(pause: min(pause * 2, 30)) }
                return
            }
        }
    }

    private func next() -> Head? {
        state.withLock { state in
            if state.waiting.isEmpty { state.isWorking = false }
            return state.waiting.first
        }
    }

    private func seal(now head: Head) throws(SpanStoreError) {
        do throws(SpanStoreError) {
            try write(head)
        } catch {
            let isNew = state.withLock { state in
                defer { state.failure = error }
                return state.failure == nil
            }
            if isNew { notice("spans stay in memory and in the journal, because they cannot be sealed: \(error)") }
            throw error
        }
        let wasFailing = state.withLock { state in
            state.waiting.removeAll { $0 === head }
            defer { state.failure = nil }
            return state.failure != nil
        }
        if wasFailing { notice("spans can be sealed again") }
        afterwards()
    }

    private func write(_ head: Head) throws(SpanStoreError) {
        let blocks = blocks(of: head)
        if blocks.isEmpty {
            view.drop(head)
        } else {
            let (file, entries) = try files.write(blocks, of: head)
            view.publish(entries, head.names.services.mapValues(\.spans), in: file, insteadOf: head)
        }
        unlink(journalDirectory + "/" + JournalFile.name(head.journal))
    }

    private func blocks(of head: Head) -> [SpanBlock.Packed] {
        guard let keep else { return BlockCutter.cut(head.traces, notice: notice) }
        let kept = head.traces.lazy.compactMap { pieces in keep(Array(pieces.joined())).map { [$0[...]] } }
        return BlockCutter.cut(kept, notice: notice)
    }
}

/// Says which spans of a trace are kept when it leaves memory; nil for none.
public typealias SpanKeeping = @Sendable ([SpanRecord]) -> [SpanRecord]?

/// Takes a sentence for the operator.
public typealias Notice = @Sendable (String) -> Void
