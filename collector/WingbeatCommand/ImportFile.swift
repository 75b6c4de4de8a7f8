// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCompression

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that is read in parts, inflated where it is compressed with gzip.
struct ImportFile {
    /// Why a file cannot be read.
    struct Unreadable: Error, CustomStringConvertible {
        let description: String
        let code: Int32
    }

    private static let largestInflated = 1024 * 1024 * 1024
    private let descriptor: Int32
    /// In bytes; nil where it is not known.
    let size: Int?
    /// How many bytes of the file were read.
    private(set) var position = 0
    private var isAtStart = true

    /// - Parameter path: `-` for standard input.
    init(_ path: String) throws(Unreadable) {
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.unreadable(EX_NOINPUT) }
        var status = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        size = isFile ? Int(status.st_size) : nil
    }

    /// The next part; nil at the end.
    mutating func read() throws(Unreadable) -> [UInt8]? {
        let bytes = try part()
        defer { isAtStart = false }
        guard isAtStart, bytes.starts(with: [0x1F, 0x8B]) else { return bytes.isEmpty ? nil : bytes }
        return try inflated(bytes)
    }

    func close() {
        if descriptor != STDIN_FILENO { systemClose(descriptor) }
    }

    private mutating func inflated(_ start: [UInt8]) throws(Unreadable) -> [UInt8] {
        var bytes = start
        while bytes.count <= Self.largestInflated {
            let more = try part()
            if more.isEmpty { break }
            bytes += more
        }
        do throws(CompressionError) {
            return try Gzip.decompress(bytes, limit: Self.largestInflated)
        } catch {
            guard case .tooLarge = error else {
                throw Unreadable(description: "the file is damaged: gzip cannot be read", code: EX_DATAERR)
            }
            let advice = "use zcat FILE | wingbeat import -"
            throw Unreadable(description: "the file inflates to more than 1 GiB; \(advice)", code: EX_DATAERR)
        }
    }

    /// Up to 256 KiB; nothing at the end.
    private mutating func part() throws(Unreadable) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 262_144) { buffer, count in
            let read = systemRead(descriptor, buffer)
            failure = read < 0 ? errno : 0
            count = max(read, 0)
        }
        guard failure == 0 else { throw Self.unreadable(EX_IOERR) }
        position += bytes.count
        return bytes
    }

    private static func unreadable(_ code: Int32) -> Unreadable {
        Unreadable(description: "cannot be read: \(String(cString: strerror(errno)))", code: code)
    }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    while true {
        let count = read(descriptor, buffer.baseAddress, buffer.count)
        if count >= 0 || errno != EINTR { return count }
    }
}

private func systemClose(_ descriptor: Int32) {
    _ = close(descriptor)
}
