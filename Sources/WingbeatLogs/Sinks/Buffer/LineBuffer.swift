// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// The lines of a ``BufferedSink`` between the threads that log and the one that writes.
///
/// The state is in memory of its own, and not in properties, so that a line costs no checks of exclusive access.
/// `@unchecked`, for it is used only under the lock.
final class LineBuffer: @unchecked Sendable {
    let sink: any LogSink
    let configuration: BufferedSink.Configuration
    let lock = ThreadLock()
    /// The writing thread waits for it.
    let linesCame = ThreadCondition()
    /// All others wait for it.
    let linesWent = ThreadCondition()
    /// Only under the lock.
    let state: UnsafeMutablePointer<LineBufferState>

    init(sink: any LogSink, configuration: BufferedSink.Configuration) {
        self.sink = sink
        self.configuration = configuration
        state = .allocate(capacity: 1)
        state.initialize(to: LineBufferState(configuration))
    }

    deinit {
        ExitFlush.remove(self)
        state.pointee.queue.free()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Takes lines for the writing thread.
    func append(_ lines: LogLines) throws(LogSinkError) {
        lock.lock()
        defer { lock.unlock() }
        if !state.pointee.append(lines) { try appendToNewChunk(lines) }
        if lines.level.rank >= state.pointee.flushRank { flushUrgently() }
    }

    /// Hands all lines to the sink, and has it flush its own.
    func flush() {
        lock.lock()
        waitUntilWritten()
        lock.unlock()
        sink.flush()
    }

    /// Writes what waits, and from now on each line at once.
    func flushForExit() {
        lock.lock()
        state.pointee.flushRank = 0
        lock.unlock()
        flush()
    }

    /// Writes what waits, and ends the thread.
    func close() {
        lock.lock()
        state.pointee.isClosing = true
        waitUntilWritten()
        lock.unlock()
    }

    /// The lines that were lost behind the buffer.
    var lostLines: UInt64 {
        lock.lock()
        let lost = state.pointee.lostLines
        lock.unlock()
        return lost + sink.lostLines
    }
}

// All of this is under the lock.
extension LineBuffer {
    @inline(never)
    private func appendToNewChunk(_ lines: LogLines) throws(LogSinkError) {
        let length = lines.bytes.count
        if length == 0 { return }
        guard length <= state.pointee.queue.capacity else {
            throw .failed("\(length) bytes are larger than the buffer", writtenBytes: 0)
        }
        try startThread()
        if !state.pointee.appendWithNewChunk(lines) { try waitForRoom(lines) }
        if state.pointee.writer == .idle || state.pointee.queue.hasFullChunk { wakeWriter() }
    }

    private func waitForRoom(_ lines: LogLines) throws(LogSinkError) {
        guard configuration.whenFull == .block, !isWritingThread else { throw .full }
        let isLarge = lines.bytes.count > state.pointee.queue.chunkSize
        state.pointee.waiting += 1
        if isLarge { state.pointee.largeWaiting += 1 }
        repeat {
            hurry()
            linesWent.wait(lock)
        } while !state.pointee.appendWithNewChunk(lines)
        if isLarge { state.pointee.largeWaiting -= 1 }
        state.pointee.waiting -= 1
    }

    @inline(never)
    private func flushUrgently() {
        if state.pointee.isStuck { hurry() } else { waitUntilWritten() }
    }

    private func waitUntilWritten() {
        let end = state.pointee.taken
        hurry()
        guard state.pointee.written < end, !isWritingThread else { return }
        let deadline = Deadline(after: configuration.flushTimeout)
        state.pointee.waiting += 1
        while state.pointee.written < end, linesWent.wait(lock, until: deadline) {}
        state.pointee.waiting -= 1
        state.pointee.isStuck = state.pointee.written < end
    }

    /// Has all lines so far written without waiting for more.
    private func hurry() {
        state.pointee.hurriedUntil = state.pointee.taken
        wakeWriter()
    }

    private func wakeWriter() {
        guard state.pointee.writer != .busy else { return }
        state.pointee.writer = .busy
        linesCame.signal()
    }
}
