// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// A ``DiskSpool`` in use: the files, oldest first, of which the last one grows. One task uses it.
package final class OpenSpool {
    private let configuration: DiskSpool
    private let segmentSize: Int
    private let lock: SpoolFile
    private var segments: [SpoolSegment] = []
    /// The file to which this process appends; what others left may end anywhere.
    private var own: SpoolSegment?
    private var nextNumber: UInt64 = 1
    /// How many elements wait in the files.
    package private(set) var elements = 0
    /// How many places could not be read when the spool was opened.
    package private(set) var damages = 0

    /// Opens the folder and reads what an earlier process left.
    package init(_ configuration: DiskSpool) throws(SpoolError) {
        self.configuration = configuration
        segmentSize = max(min(configuration.capacity / 4, 8 << 20), 1)
        try makeFolder(configuration.directory)
        lock = try SpoolFile(configuration.directory + "/lock")
        guard lock.lock() else { throw SpoolError("another process uses \(configuration.directory)") }
        for name in try namesInFolder(configuration.directory) { try open(name) }
    }

    /// True when no message waits.
    package var isEmpty: Bool { elements == 0 }

    /// How many bytes the files have.
    package var size: Int { segments.reduce(0) { $0 + $1.size } }

    /// Appends a message.
    ///
    /// - Throws: when there is no room, or the system refuses.
    package func append(_ message: [UInt8], count: Int) throws(SpoolError) {
        let room = configuration.capacity - size
        guard message.count + 64 <= room else { throw SpoolError("\(configuration.directory) is full") }
        try lastSegment().append(message, count: count, isSynced: configuration.isSynced)
        elements += count
    }

    /// The oldest message that waits.
    package func oldest() -> SpoolSegment.Entry? {
        while let segment = segments.first {
            if let entry = segment.oldest() { return entry }
            removeFirst()
        }
        elements = 0
        return nil
    }

    /// Marks the oldest message as sent, or lost for good.
    package func settle(_ entry: SpoolSegment.Entry) {
        elements = max(elements - entry.count, 0)
        guard let segment = segments.first else { return }
        segment.settle(entry)
        if segment.isEmpty { removeFirst() }
    }

    private func removeFirst() { segments.removeFirst().remove() }

    private func open(_ name: String) throws(SpoolError) {
        guard name.hasSuffix(suffix), let number = UInt64(name.dropLast(suffix.count), radix: 16) else { return }
        nextNumber = max(nextNumber, number &+ 1)
        let segment = try SpoolSegment("\(configuration.directory)/\(name)")
        let found = segment.scan()
        elements += found.elements
        damages += found.damages
        if found.elements > 0 { segments.append(segment) } else { segment.remove() }
    }

    private func lastSegment() throws(SpoolError) -> SpoolSegment {
        if let own, own.size < segmentSize, own === segments.last { return own }
        let digits = String(nextNumber, radix: 16)
        let name = String(repeating: "0", count: 16 - digits.count) + digits + suffix
        let segment = try SpoolSegment("\(configuration.directory)/\(name)")
        nextNumber &+= 1
        segments.append(segment)
        own = segment
        return segment
    }
}

private let suffix = ".spool"
