// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

// The thread that writes.
extension LineBuffer {
    /// The caller is the sink itself, as it writes: to wait for it would be to wait for ever.
    var isWritingThread: Bool {
        guard let thread = state.pointee.thread else { return false }
        return pthread_equal(thread, pthread_self()) != 0
    }

    /// Starts the thread if there is none. It keeps the buffer until it ends, and is disturbed by no signal.
    func startThread() throws(LogSinkError) {
        if state.pointee.thread != nil { return }
        #if canImport(Glibc)
            var thread = pthread_t()
        #else
            var thread: pthread_t?
        #endif
        let buffer = Unmanaged.passRetained(self)
        let error = withSignalsHeldBack { pthread_create(&thread, nil, writeLines, buffer.toOpaque()) }
        if error != 0 {
            buffer.release()
            throw .failed("no thread to write with: \(String(cString: strerror(error)))", writtenBytes: 0)
        }
        state.pointee.thread = thread
        ExitFlush.add(self)
    }

    /// Writes lines until the buffer is closed and empty.
    fileprivate func writeUntilClosed() {
        pthread_detach(pthread_self())
        lock.lock()
        while let chunk = nextChunk() {
            lock.unlock()
            let lost = write(chunk.pointee.lines)
            lock.lock()
            state.pointee.finish(chunk, lost: lost)
            if state.pointee.waiting > 0 { linesWent.broadcast() }
        }
        lock.unlock()
    }

    /// How many lines the sink did not take.
    private func write(_ lines: LogLines) -> Int {
        do {
            try sink.write(lines)
            return 0
        } catch {
            return lines.unwritten(after: error).count
        }
    }

    private func nextChunk() -> LineChunk.Pointer? {
        while state.pointee.queue.first == nil && !state.pointee.isClosing {
            state.pointee.writer = .idle
            linesCame.wait(lock)
        }
        gather()
        return state.pointee.queue.takeFirst()
    }

    private func gather() {
        let deadline = Deadline(after: configuration.interval)
        var hasTime = true
        while hasTime && !state.pointee.isDue {
            state.pointee.writer = .gathering
            hasTime = linesCame.wait(lock, until: deadline)
        }
        state.pointee.writer = .busy
    }
}

#if canImport(Darwin)
    private func writeLines(_ buffer: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        Unmanaged<LineBuffer>.fromOpaque(buffer).takeRetainedValue().writeUntilClosed()
        return nil
    }
#else
    private func writeLines(_ buffer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        if let buffer { Unmanaged<LineBuffer>.fromOpaque(buffer).takeRetainedValue().writeUntilClosed() }
        return nil
    }
#endif

/// Runs with a mask of the thread that new threads inherit.
private func withSignalsHeldBack<Result>(_ body: () -> Result) -> Result {
    var (all, previous) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &previous)
    defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
    return body()
}
