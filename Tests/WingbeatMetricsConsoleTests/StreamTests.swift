// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import WingbeatDelivery

@testable import WingbeatMetricsConsole

@Suite("Standard output that is a pipe", .timeLimit(.minutes(1)))
struct StreamTests {
    @Test("a reader gets every byte, however slowly it reads")
    func slowReader() async throws {
        let pipe = Pipe()
        let message = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 * 31) }
        let sender = StreamSender(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        let writing = Task {
            try await sender.send(message)
            try pipe.fileHandleForWriting.close()
        }
        try await Task.sleep(for: .milliseconds(200))  // the pipe is full by now
        let read = try await Task.detached { try pipe.fileHandleForReading.readToEnd() }.value
        try await writing.value
        #expect(read.map(Array.init) == message)
    }

    @Test("a message waits for a reader that does not read, without a thread, until its task is cancelled")
    func stopped() async throws {
        let pipe = Pipe()
        let sender = StreamSender(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        let writing = (0..<64).map { _ in
            Task { () -> DeliveryError? in
                do throws(DeliveryError) {
                    try await sender.send([UInt8](repeating: 1, count: 100_000))
                    return nil
                } catch {
                    return error
                }
            }
        }
        try await Task.sleep(for: .milliseconds(100))  // more tasks than there are threads, and this one still goes on
        for task in writing { task.cancel() }
        for task in writing {
            guard case .unreachable = await task.value else {
                Issue.record("a cancelled message is to be sent again")
                continue
            }
        }
        withExtendedLifetime(pipe) {}
    }

    @Test("a pipe without reader refuses the message, and ends no process")
    func closed() async throws {
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let sender = StreamSender(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        await #expect(throws: DeliveryError.self) { try await sender.send([1]) }
        await #expect(throws: DeliveryError.self) { try await StreamSender(descriptor: 999_999).send([1]) }
    }
}
