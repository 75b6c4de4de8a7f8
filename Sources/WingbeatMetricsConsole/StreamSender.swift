// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatDelivery

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes messages to an open file descriptor without blocking a thread: where a terminal was stopped or a pipe's reader
/// has stopped reading, the message waits.
///
/// Somebody else who fills the same pipe between the question whether there is room and the write makes the thread wait.
struct StreamSender: ByteSender {
    let descriptor: CInt

    func send(_ bytes: [UInt8]) async throws(DeliveryError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = try writeWithoutWaiting(rest)
            if written == 0 { try await pause() }
            rest = rest.dropFirst(written)
        }
    }

    func close() async {}

    /// `POLLOUT` when ``longestWrite`` bytes can be written without waiting.
    private var readiness: Int16 {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&request, 1, 0)
        return request.revents
    }

    /// - Returns: how many bytes were written; 0 when none can be without waiting.
    private func writeWithoutWaiting(_ bytes: ArraySlice<UInt8>) throws(DeliveryError) -> Int {
        try oneAtATime.withLock { (_) throws(DeliveryError) in
            switch readiness {
            case 0: return 0
            case Int16(POLLOUT): return try writeSome(of: bytes)
            default: throw .rejected("standard output is closed")  // known before it is a SIGPIPE
            }
        }
    }

    private func writeSome(of bytes: ArraySlice<UInt8>) throws(DeliveryError) -> Int {
        let written = bytes.prefix(longestWrite).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if written >= 0 { return written }
        guard errno == EINTR || errno == EAGAIN else {
            throw .rejected("standard output: \(String(cString: strerror(errno)))")
        }
        return 0
    }

    private func pause() async throws(DeliveryError) {
        do {
            try await Task.sleep(for: .milliseconds(50))
        } catch {
            throw .unreachable("standard output does not take it")
        }
    }
}

/// Between the question whether there is room and the write no other sender takes it.
private let oneAtATime = Mutex(())

/// Linux reports a pipe as ready when it takes this much.
private let longestWrite = 4096
