// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Flushes the buffers that exist when the process ends.
enum ExitFlush {
    private static let buffers = Guarded<[ObjectIdentifier: Weak]>([:])
    private static let isInstalled = atexit { ExitFlush.run() } == 0

    private struct Weak: Sendable {
        weak let buffer: LineBuffer?
    }

    /// Has a buffer flushed at the end of the process, if it is still there.
    static func add(_ buffer: LineBuffer) {
        _ = isInstalled
        buffers.withLock { $0[ObjectIdentifier(buffer)] = Weak(buffer: buffer) }
    }

    /// Forgets a buffer that goes.
    static func remove(_ buffer: LineBuffer) {
        _ = buffers.withLock { $0.removeValue(forKey: ObjectIdentifier(buffer)) }
    }

    private static func run() {
        for buffer in buffers.withLock({ $0.values.compactMap(\.buffer) }) { buffer.flushForExit() }
    }
}
