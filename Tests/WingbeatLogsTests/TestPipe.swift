// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A pipe of the system with both its ends.
struct TestPipe: Sendable {
    let reading: CInt
    let writing: CInt

    struct NoPipe: Error {}

    init() throws {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw NoPipe() }
        (reading, writing) = (ends[0], ends[1])
    }

    /// Lets a write to a full pipe fail instead of waiting.
    func doNotWait() { _ = fcntl(writing, F_SETFL, fcntl(writing, F_GETFL) | O_NONBLOCK) }

    func closeWriting() { close(writing) }

    func closeReading() { close(reading) }

    /// Reads until the writing end is closed.
    func readToEnd() -> [UInt8] { read(count: .max) }

    /// Reads that many bytes, waiting for them; fewer only at the end.
    func read(count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < count {
            let received = Foundation.read(reading, &buffer, min(buffer.count, count - bytes.count))
            guard received > 0 else { break }
            bytes += buffer[..<received]
        }
        return bytes
    }
}
