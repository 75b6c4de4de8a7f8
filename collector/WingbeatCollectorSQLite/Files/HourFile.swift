// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file with the blocks that were sealed in one hour.
///
/// Once it is condemned it is removed when the last one who knows it lets it go: a query that began before reads on.
final class HourFile: Sendable {
    let name: HourName
    let path: String
    private let closed: Atomic<Bool>
    private let condemned = Atomic<Bool>(false)

    init(_ name: HourName, in directory: String, isClosed: Bool) {
        self.name = name
        path = directory + "/" + name.fileName
        closed = Atomic(isClosed)
    }

    deinit {
        if condemned.load(ordering: .relaxed) { for file in databaseFiles(path) { unlink(file) } }
    }

    /// True when nothing is written to it any more, and its write-ahead log is empty.
    var isClosed: Bool { closed.load(ordering: .acquiring) }

    func close() {
        closed.store(true, ordering: .releasing)
    }

    /// Removes the file as soon as nobody reads it.
    func condemn() {
        condemned.store(true, ordering: .relaxed)
    }

    /// The bytes that it takes on disk.
    var bytes: Int64 { databaseFiles(path).prefix(2).reduce(0) { $0 + (fileSize($1) ?? 0) } }
}

/// What is known of a block without reading it.
struct BlockEntry: Sendable {
    /// Its row in the file.
    let id: Int64
    /// The starts of its spans, in microseconds since 1970; nil when none has one.
    let starts: ClosedRange<Int64>?
    /// How many spans it has.
    let spans: Int

    /// Where a search from the newest to the oldest meets it: a block without times first.
    var last: Int64 { starts?.upperBound ?? .max }
}

/// A file and those of its blocks that are published.
struct HourView: Sendable {
    let file: HourFile
    var blocks: [BlockEntry] = []
    /// How many spans each service has in it.
    var services: [String: Int] = [:]

    var spans: Int { blocks.reduce(0) { $0 + $1.spans } }
}
