// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The journal that an earlier process left: its last head and those that it did not seal any more.
struct FoundJournal {
    private let directory: String
    private let notice: Notice
    private var numbers: [UInt64] = []
    private(set) var nextNumber: UInt64 = 1

    /// - Parameter sealed: the journal files of which the spans are in the hours' files: a kill kept them from being
    ///   removed.
    init(_ directory: String, sealed: Set<UInt64>, notice: @escaping Notice) throws(SpanStoreError) {
        self.directory = directory
        self.notice = notice
        for name in fileNames(in: directory, endingIn: ".journal") {
            guard let number = JournalFile.number(name) else { continue }
            nextNumber = max(nextNumber, number &+ 1)
            if sealed.contains(number) {
                unlink(directory + "/" + name)
            } else {
                numbers.append(number)
            }
        }
        numbers.sort()
    }

    /// Puts the spans back into memory; the last file is gone on with.
    func replay(
        into growing: GrowingHead,
        _ configuration: SQLiteSpanStore.Configuration
    ) throws(SpanStoreError) {
        for number in numbers {
            let path = directory + "/" + JournalFile.name(number)
            let found = try JournalReplay(path)
            say(found, path)
            let head = Head(journal: number, hour: configuration.clock.hour)
            let keys = configuration.options.autocompleteKeys
            let batches = found.posts.map { SpanBatch(replayed: $0, tagKeys: keys) }
            head.add(batches)
            let journal = try JournalFile(
                directory: directory,
                number: number,
                size: found.end,
                isDurable: configuration.durable,
                write: configuration.writeJournal
            )
            growing.resume(head, in: journal, batches, isLast: number == numbers.last)
        }
    }

    private func say(_ found: JournalReplay, _ path: String) {
        if found.tornBytes > 0 {
            notice("\(path) ended with \(found.tornBytes) bytes that are no whole record; they were never acknowledged")
        }
        if found.damages > 0 {
            notice("\(path) is damaged in \(found.damages) places; the spans there are lost")
        }
    }
}
