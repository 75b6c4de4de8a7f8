// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes lines to an open descriptor, all bytes of a call with one `write(2)` if the system takes them so.
///
/// An interrupted call is repeated and a partial one continued. A descriptor that does not wait is waited for as long
/// as it takes something every 100 ms; once it did not, it is not waited for until it takes something again.
struct DescriptorWriter {
    /// The descriptor; who made the writer closes it.
    let descriptor: CInt
    /// A pipe or socket, whose other end may be gone.
    private let canBreak: Bool
    /// The last byte that was written was none of a line's end.
    private(set) var isTorn = false
    /// It took nothing for the whole of the last wait.
    private var isStalled = false

    private static let patience = Duration.milliseconds(100)
    private static let newline = UInt8(ascii: "\n")

    init(_ descriptor: CInt, isTorn: Bool = false) {
        self.descriptor = descriptor
        self.isTorn = isTorn
        canBreak = isPipeOrSocket(descriptor)
    }

    /// Writes all bytes. When the last call stopped within a line, that line is ended first.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(LogSinkError) {
        let signal = canBreak ? BrokenPipeSignal() : nil
        var outcome = isTorn ? withUnsafeBytes(of: Self.newline) { writeAll($0) } : Outcome()
        if outcome.error == 0 { outcome = writeAll(bytes) }
        signal?.restore(isBroken: outcome.error == EPIPE)
        if outcome.error != 0 {
            let written = outcome.written
            throw .failed(String(cString: strerror(outcome.error)), writtenBytes: written)
        }
    }

    private struct Outcome {
        var written = 0
        /// What `errno` was when it stopped; 0 when all is written.
        var error: CInt = 0
    }

    private mutating func writeAll(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        var outcome = Outcome()
        var waitEnds: Deadline?
        while outcome.written < bytes.count {
            let (count, error) = writeOnce(UnsafeRawBufferPointer(rebasing: bytes[outcome.written...]))
            if count > 0 {
                outcome.written += count
                (waitEnds, isStalled) = (nil, false)
            } else if !mayRetry(after: error, until: &waitEnds) {
                outcome.error = error
                break
            }
        }
        if outcome.written > 0 { isTorn = bytes[outcome.written - 1] != Self.newline }
        return outcome
    }

    private func writeOnce(_ bytes: UnsafeRawBufferPointer) -> (count: Int, error: CInt) {
        let count = systemWrite(descriptor, bytes.baseAddress, bytes.count)
        return (count, count < 0 ? errno : count == 0 ? EIO : 0)
    }

    private mutating func mayRetry(after error: CInt, until waitEnds: inout Deadline?) -> Bool {
        if error == EINTR { return true }
        guard error == EAGAIN || error == EWOULDBLOCK, !isStalled else { return false }
        let end = waitEnds ?? Deadline(after: Self.patience)
        waitEnds = end
        isStalled = !waitForRoom(until: end)
        return !isStalled
    }

    /// False when the time is over; otherwise there may be room.
    private func waitForRoom(until end: Deadline) -> Bool {
        let milliseconds = CInt((end.remaining + 999_999) / 1_000_000)
        if milliseconds == 0 { return false }
        var awaited = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&awaited, 1, milliseconds)
        return true
    }
}

/// `write(2)` under a name that methods called `write` do not hide.
private func systemWrite(_ descriptor: CInt, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
    guard let start else { return 0 }
    return write(descriptor, start, count)
}

private func isPipeOrSocket(_ descriptor: CInt) -> Bool {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return false }
    let kind = status.st_mode & S_IFMT
    return kind == S_IFIFO || kind == S_IFSOCK
}
