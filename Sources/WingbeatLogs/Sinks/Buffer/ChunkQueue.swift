// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Chunks of lines, the oldest first, in a bounded amount of memory. Not for several threads at once.
///
/// Chunks that were read are kept and filled again, so that nothing is allocated once the queue has had its greatest
/// length. Memory is taken as it is needed.
struct ChunkQueue {
    /// The bytes of all chunks never exceed it.
    let capacity: Int
    /// The bytes of a usual chunk.
    let chunkSize: Int
    private(set) var first: LineChunk.Pointer?
    private(set) var last: LineChunk.Pointer?
    private var spare: LineChunk.Pointer?
    /// The bytes of the chunks in the queue and of the one that is being read.
    private var bytesInUse = 0

    init(capacity: Int) {
        self.capacity = capacity
        chunkSize = min(65_536, capacity / 4)
    }

    /// There is a chunk that gets no more lines.
    var hasFullChunk: Bool { first != last }

    /// Adds an empty chunk at the end, of the usual size or, for more bytes, of theirs; false when it has no room.
    mutating func addChunk(for length: Int) -> Bool {
        let size = max(length, chunkSize)
        guard size <= capacity - bytesInUse else { return false }
        bytesInUse += size
        if size > chunkSize { freeSpares() }
        add(takeSpare() ?? LineChunk.make(capacity: size))
        return true
    }

    /// Takes the oldest chunk out, to be read and then given back.
    mutating func takeFirst() -> LineChunk.Pointer? {
        guard let chunk = first else { return nil }
        first = chunk.pointee.next
        if first == nil { last = nil }
        return chunk
    }

    /// Takes a chunk back that was read.
    mutating func giveBack(_ chunk: LineChunk.Pointer) {
        bytesInUse -= chunk.pointee.capacity
        guard chunk.pointee.capacity == chunkSize else { return LineChunk.free(chunk) }
        chunk.pointee.clear()
        chunk.pointee.next = spare
        spare = chunk
    }

    /// Gives all memory back.
    mutating func free() {
        while let chunk = takeFirst() { giveBack(chunk) }
        freeSpares()
    }

    private mutating func add(_ chunk: LineChunk.Pointer) {
        if let last { last.pointee.next = chunk } else { first = chunk }
        last = chunk
    }

    private mutating func takeSpare() -> LineChunk.Pointer? {
        guard let chunk = spare else { return nil }
        spare = chunk.pointee.next
        chunk.pointee.next = nil
        return chunk
    }

    private mutating func freeSpares() {
        while let chunk = takeSpare() { LineChunk.free(chunk) }
    }
}
