// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatLine

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The bytes of a line that is being written, in memory that belongs to the thread and is used again for its next one.
public struct LogLine: ~Copyable {
    let buffer: UnsafeMutablePointer<wingbeat_line>
    private var end: UnsafeMutablePointer<UInt8>
    private var limit: UnsafeMutablePointer<UInt8>
    /// Whether it tells the ids of a span.
    var hasSpan = false

    /// An empty line.
    @inline(__always)
    package init() {
        buffer = wingbeat_line_take()
        end = buffer.pointee.bytes
        limit = end + buffer.pointee.capacity
    }

    deinit {
        wingbeat_line_give_back(buffer)
    }

    /// How many bytes there are.
    public var count: Int { end - buffer.pointee.bytes }

    /// Gives what was written so far.
    @inline(__always)
    package borrowing func withBytes(_ body: (UnsafeRawBufferPointer) -> Void) { body(bytes) }

    /// What was written so far; valid no longer than the line.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: buffer.pointee.bytes, count: count) }

    /// Makes room for so many bytes at least.
    @inline(__always)
    mutating func reserve(_ additional: Int) {
        if limit - end < additional { grow(additional) }
    }

    @inline(never)
    private mutating func grow(_ additional: Int) {
        let count = count
        wingbeat_line_grow(buffer, count + additional)
        end = buffer.pointee.bytes + count
        limit = buffer.pointee.bytes + buffer.pointee.capacity
    }

    /// Gives room for so many bytes to be written, of which as many count as are returned.
    @inline(__always)
    mutating func append(atMost capacity: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Int) {
        reserve(capacity)
        end += write(end)
    }

    /// Takes the last byte back, if there is one.
    mutating func removeLast() {
        if count > 0 { end -= 1 }
    }

    /// Appends a byte as it is.
    @inline(__always)
    public mutating func append(_ byte: UInt8) {
        reserve(1)
        end[0] = byte
        end += 1
    }

    /// Appends the bytes of a literal as they are.
    @inline(__always)
    public mutating func append(_ literal: StaticString) {
        let count = literal.utf8CodeUnitCount
        reserve(count)
        end.update(from: literal.utf8Start, count: count)
        end += count
    }

    /// Appends bytes as they are.
    @inline(__always)
    public mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count)
        memcpy(end, start, bytes.count)
        end += bytes.count
    }

    /// Appends bytes, unless a test finds something special in a group of eight: then nothing is appended.
    @inline(__always)
    mutating func append(
        _ bytes: UnsafeBufferPointer<UInt8>,
        unless special: (EightBytes) -> UInt64
    ) -> Bool {
        reserve(bytes.count)
        guard bytes.copy(to: end, testing: special) == 0 else { return false }
        end += bytes.count
        return true
    }

    /// Appends text as it is, newlines and all: an encoder escapes it first.
    public mutating func append(unescaped text: String) {
        text.withBytes { append($0) }
    }

    /// Takes bytes out.
    mutating func remove(_ range: Range<Int>) {
        let start = buffer.pointee.bytes
        memmove(start + range.lowerBound, start + range.upperBound, count - range.upperBound)
        end -= range.count
    }
}

extension String {
    /// Gives the UTF-8 of the text, of which nothing is copied.
    @inline(__always)
    func withBytes(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        if utf8.withContiguousStorageIfAvailable(body) == nil { Array(utf8).withUnsafeBufferPointer(body) }
    }
}
