// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the threads of a ``LineBuffer`` share, under its lock.
struct LineBufferState {
    var queue: ChunkQueue
    /// All bytes that were ever put into the queue.
    private(set) var taken: UInt64 = 0
    /// All bytes of them that the sink was given.
    private(set) var written: UInt64 = 0
    /// The bytes that are to be written without waiting for more.
    var hurriedUntil: UInt64 = 0
    private(set) var lostLines: UInt64 = 0
    /// Lines whose level has at least this rank are not left waiting.
    var flushRank: UInt8
    var writer = WriterState.busy
    var thread: pthread_t?
    /// How many threads wait for lines to be written.
    var waiting = 0
    /// How many of them have lines larger than a usual chunk.
    var largeWaiting = 0
    /// A flush was in vain, and nothing was written since.
    var isStuck = false
    /// The thread ends when it has written everything.
    var isClosing = false

    enum WriterState {
        /// It writes, or is about to look for lines.
        case busy
        /// It waits for the first line.
        case idle
        /// It has lines and waits for more.
        case gathering
    }

    init(_ configuration: BufferedSink.Configuration) {
        queue = ChunkQueue(capacity: max(4096, configuration.capacity))
        flushRank = configuration.flushLevel?.rank ?? .max
    }

    /// There are lines that are to be written now.
    var isDue: Bool { queue.hasFullChunk || hurriedUntil > written || isClosing }

    /// Puts lines into the last chunk; false when it has no room.
    @inline(__always)
    mutating func append(_ lines: LogLines) -> Bool {
        guard let chunk = queue.last, chunk.pointee.append(lines) else { return false }
        taken &+= UInt64(truncatingIfNeeded: lines.bytes.count)
        return true
    }

    /// The same, with a new chunk if it needs one. Lines that fill a chunk of their own go before others, for which
    /// there would always be room first.
    mutating func appendWithNewChunk(_ lines: LogLines) -> Bool {
        if append(lines) { return true }
        let length = lines.bytes.count
        guard largeWaiting == 0 || length > queue.chunkSize else { return false }
        return queue.addChunk(for: length) && append(lines)
    }

    /// Takes a chunk back that was written but for so many lines.
    mutating func finish(_ chunk: LineChunk.Pointer, lost: Int) {
        written &+= UInt64(truncatingIfNeeded: chunk.pointee.used)
        lostLines &+= UInt64(truncatingIfNeeded: lost)
        isStuck = false
        queue.giveBack(chunk)
    }
}
