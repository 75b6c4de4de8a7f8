// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatCollector
import WingbeatModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The head that takes what comes, with its file of the journal.
///
/// Sendable unchecked: only the writer's queue uses it.
final class GrowingHead: @unchecked Sendable {
    /// When a head is full.
    struct Limits: Sendable {
        var spans = 16_384
        var bytes = 16 << 20
    }

    private let journalDirectory: String
    private let isDurable: Bool
    private let limits: Limits
    private let view: LiveView
    private let names: KnownNames
    private let sealer: Sealer
    private let clock: Clock
    private let writeJournal: JournalFile.Write
    private var nextNumber: UInt64
    private var journal: JournalFile?
    private var head: Head?
    private var buffer: [UInt8] = []
    private let failure = Mutex<SpanStoreError?>(nil)

    init(
        directory: String,
        nextNumber: UInt64,
        view: LiveView,
        names: KnownNames,
        sealer: Sealer,
        configuration: SQLiteSpanStore.Configuration
    ) {
        journalDirectory = directory + "/journal"
        self.nextNumber = nextNumber
        self.view = view
        self.names = names
        self.sealer = sealer
        isDurable = configuration.durable
        limits = configuration.headLimits
        clock = configuration.clock
        writeJournal = configuration.writeJournal
    }

    /// Why the last post was not kept; nil when it was. Read from any thread.
    var lastFailure: SpanStoreError? { failure.withLock { $0 } }

    /// Writes the posts into the journal and makes them found: all of them or, when it throws, none.
    func add(_ batches: [SpanBatch]) throws(SpanStoreError) {
        do throws(SpanStoreError) {
            if let head, head.hour != clock.hour { try seal() }
            try makeRoom()
            let (journal, head) = try current()
            try append(batches, to: journal)
            head.add(batches)
            failure.withLock { $0 = nil }
        } catch {
            failure.withLock { $0 = error }
            throw error
        }
        for batch in batches { names.add(batch.names) }
    }

    /// Hands the head over to the sealer when it is full or its hour is over; when that is not possible it is tried
    /// again with the next post.
    func sealWhenFull() {
        guard let head, isFull(head) || head.hour != clock.hour, !sealer.isFull else { return }
        try? seal()
    }

    /// Hands the head over to the sealer.
    func seal() throws(SpanStoreError) {
        guard let head else { return }
        try waitForSealer()
        sealer.seal(head)
        self.head = nil
        journal = nil
    }

    /// Takes over what an earlier process left in the journal: the last file is gone on with, the others are sealed.
    func resume(_ head: Head, in journal: JournalFile, _ batches: [SpanBatch], isLast: Bool) {
        for batch in batches { names.add(batch.names) }
        view.open(head)
        if isLast {
            self.head = head
            self.journal = journal
        } else {
            sealer.seal(head)
        }
    }

    private func isFull(_ head: Head) -> Bool {
        let size = head.size
        return size.spans >= limits.spans || size.bytes >= limits.bytes
    }

    private func makeRoom() throws(SpanStoreError) {
        if let head, isFull(head) { try seal() }
    }

    /// Waits while the sealer has its hands full; gives up when it cannot work at all.
    private func waitForSealer() throws(SpanStoreError) {
        while sealer.isFull {
            if let failure = sealer.failure { throw failure }
            usleep(2000)
        }
    }

    private func current() throws(SpanStoreError) -> (JournalFile, Head) {
        if let journal, let head { return (journal, head) }
        let journal = try JournalFile(
            directory: journalDirectory,
            number: nextNumber,
            isDurable: isDurable,
            write: writeJournal
        )
        nextNumber += 1
        let head = Head(journal: journal.number, hour: clock.hour)
        self.journal = journal
        self.head = head
        view.open(head)
        return (journal, head)
    }

    private func append(_ batches: [SpanBatch], to journal: JournalFile) throws(SpanStoreError) {
        if batches.count == 1 {
            try journal.append(batches[0].record)
        } else {
            buffer.removeAll(keepingCapacity: buffer.capacity < 16 << 20)
            for batch in batches { buffer += batch.record }
            try journal.append(buffer)
        }
    }
}
