// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One file of the journal: what was accepted since the last sealing, for the next process after a kill.
///
/// A first line that names the format, then records: see ``JournalRecord``. For one thread at a time.
final class JournalFile {
    /// Writes bytes at an offset, as `pwrite` does; tests put a full disk in its place.
    typealias Write = @Sendable (CInt, UnsafeRawBufferPointer, Int) -> Int

    static let firstLine = Array("wingbeat journal 1\n".utf8)

    let number: UInt64
    let path: String
    private let descriptor: CInt
    private let isDurable: Bool
    private let writeBytes: Write
    private var size: Int

    /// Makes a file, or opens one to go on behind its last good record.
    ///
    /// - Parameter size: where the last good record ends; zero for a new file.
    init(
        directory: String,
        number: UInt64,
        size: Int = 0,
        isDurable: Bool,
        write: @escaping Write = JournalFile.write
    ) throws(SpanStoreError) {
        self.number = number
        path = directory + "/" + Self.name(number)
        self.isDurable = isDurable
        self.size = size
        writeBytes = write
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw systemError("cannot open \(path)") }
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw systemError("cannot cut \(path)") }
        if size == 0 { try append(Self.firstLine) }
    }

    deinit {
        close(descriptor)
    }

    /// Appends all of the bytes or, when it throws, none.
    func append(_ bytes: [UInt8]) throws(SpanStoreError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                writeBytes(descriptor, UnsafeRawBufferPointer(rebasing: $0[written...]), size + written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw giveUp() }
            written += count
        }
        guard !isDurable || fdatasync(descriptor) == 0 else { throw giveUp() }
        size += bytes.count
    }

    /// A record of which half is there would hide those behind it.
    private func giveUp() -> SpanStoreError {
        let error = systemError("cannot write to \(path)")
        _ = ftruncate(descriptor, off_t(size))
        return error
    }

    static func name(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".journal"
    }

    /// The number in a file's name; nil when it is no journal's.
    static func number(_ name: String) -> UInt64? {
        name.hasSuffix(".journal") ? UInt64(name.dropLast(8)) : nil
    }

    @Sendable static func write(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int {
        pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(offset))
    }
}
