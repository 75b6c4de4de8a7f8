// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CZlib

/// Why compressed bytes could not be read.
public enum CompressionError: Error, Hashable, Sendable {
    /// The bytes are not of the format, are damaged, or end too early.
    case malformed
    /// The bytes inflate to more than the limit, in bytes.
    case tooLarge(limit: Int)
    /// zlib refused to start: there was no memory.
    case unavailable
}

/// gzip (RFC 1952) through zlib, over whole buffers.
public enum Gzip {
    /// Compresses the bytes at zlib's fastest level, which gives up little for text and costs a third.
    public static func compress(_ bytes: [UInt8]) throws(CompressionError) -> [UInt8] {
        let stream = ZlibStream()
        guard wingbeat_deflate_init_gzip(stream.pointer, Z_BEST_SPEED) == Z_OK else { throw .unavailable }
        defer { deflateEnd(stream.pointer) }
        let capacity = Int(deflateBound(stream.pointer, UInt(bytes.count)))
        var status = Z_OK
        let output = [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            bytes.withUnsafeBufferPointer { input in
                stream.set(input: input, output: output)
                status = deflate(stream.pointer, Z_FINISH)
            }
            count = capacity - Int(stream.pointer.pointee.avail_out)
        }
        // Only more than four gigabytes at once do not end here: zlib counts in 32 bits.
        guard status == Z_STREAM_END else { throw .tooLarge(limit: Int(UInt32.max)) }
        return output
    }

    /// Inflates one gzip stream, or several that follow each other.
    ///
    /// - Parameter limit: the most bytes that may come out; more is ``CompressionError/tooLarge(limit:)``, found
    ///   before they are made.
    public static func decompress(_ bytes: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] {
        try inflate(bytes, windowBits: 15 + 16, limit: limit)
    }
}

/// What HTTP and gRPC call `deflate`: zlib's format (RFC 1950), and without its frame (RFC 1951), as some clients send it.
public enum Deflate {
    /// Inflates one stream.
    ///
    /// - Parameter limit: the most bytes that may come out; more is ``CompressionError/tooLarge(limit:)``, found
    ///   before they are made.
    public static func decompress(_ bytes: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] {
        try inflate(bytes, windowBits: hasZlibHeader(bytes) ? 15 : -15, limit: limit)
    }

    /// RFC 1950, 2.2: the method is 8, and the first two bytes are a multiple of 31.
    private static func hasZlibHeader(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 2 && bytes[0] & 0x0F == 8 && (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0
    }
}

/// Inflates one stream, or several that follow each other.
private func inflate(_ bytes: [UInt8], windowBits: CInt, limit: Int) throws(CompressionError) -> [UInt8] {
    let stream = ZlibStream()
    guard wingbeat_inflate_init(stream.pointer, windowBits) == Z_OK else { throw .unavailable }
    defer { inflateEnd(stream.pointer) }
    var output: [UInt8] = []
    var input = bytes[...]
    while !input.isEmpty {
        let (status, consumed, chunk) = inflateStep(stream, input)
        input = input.dropFirst(consumed)
        guard output.count + chunk.count <= limit else { throw .tooLarge(limit: limit) }
        output += chunk
        switch status {
        case Z_STREAM_END where input.isEmpty: return output
        case Z_STREAM_END: inflateReset(stream.pointer)
        case Z_OK where consumed > 0 || !chunk.isEmpty: continue
        default: throw .malformed
        }
    }
    throw .malformed
}

private func inflateStep(
    _ stream: ZlibStream,
    _ input: ArraySlice<UInt8>
) -> (status: CInt, consumed: Int, chunk: [UInt8]) {
    var status = Z_OK
    var consumed = 0
    let chunk = [UInt8](unsafeUninitializedCapacity: 65_536) { output, count in
        input.withUnsafeBufferPointer { input in
            let given = stream.set(input: input, output: output)
            status = inflate(stream.pointer, Z_NO_FLUSH)
            consumed = given - Int(stream.pointer.pointee.avail_in)
        }
        count = output.count - Int(stream.pointer.pointee.avail_out)
    }
    return (status, consumed, chunk)
}

/// A stream of zlib's at an address that stays: its own state points back to it.
final class ZlibStream {
    let pointer = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

    init() {
        pointer.initialize(to: z_stream())
    }

    deinit {
        pointer.deallocate()
    }

    /// - Returns: how many bytes of the input were given; zlib counts in 32 bits.
    @discardableResult
    func set(input: UnsafeBufferPointer<UInt8>, output: UnsafeMutableBufferPointer<UInt8>) -> Int {
        pointer.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        pointer.pointee.avail_in = UInt32(clamping: input.count)
        pointer.pointee.next_out = output.baseAddress
        pointer.pointee.avail_out = UInt32(clamping: output.count)
        return Int(pointer.pointee.avail_in)
    }
}
