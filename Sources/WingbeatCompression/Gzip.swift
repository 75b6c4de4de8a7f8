// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CZlib

/// Why compressed bytes could not be read.
public enum CompressionError: Error, Hashable, Sendable {
    /// The bytes are not gzip, are damaged, or end too early.
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
        var stream = z_stream()
        guard wingbeat_deflate_init_gzip(&stream, Z_BEST_SPEED) == Z_OK else { throw .unavailable }
        defer { deflateEnd(&stream) }
        let capacity = Int(deflateBound(&stream, UInt(bytes.count)))
        return [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            bytes.withUnsafeBufferPointer { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(clamping: input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(capacity)
                _ = deflate(&stream, Z_FINISH)
            }
            count = Int(stream.total_out)
        }
    }

    /// Inflates one gzip stream, or several that follow each other.
    ///
    /// - Parameter limit: the most bytes that may come out; more is ``CompressionError/tooLarge(limit:)``, found
    ///   before they are made.
    public static func decompress(_ bytes: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] {
        var inflater = try Inflater()
        defer { inflater.end() }
        return try inflater.inflate(bytes, limit: limit)
    }
}

private struct Inflater {
    private var stream = z_stream()

    init() throws(CompressionError) {
        guard wingbeat_inflate_init_gzip(&stream) == Z_OK else { throw .unavailable }
    }

    mutating func end() { inflateEnd(&stream) }

    mutating func inflate(_ bytes: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] {
        var output: [UInt8] = []
        var input = bytes[...]
        while !input.isEmpty {
            let (status, consumed, chunk) = step(input)
            input = input.dropFirst(consumed)
            guard output.count + chunk.count <= limit else { throw .tooLarge(limit: limit) }
            output += chunk
            switch status {
            case Z_STREAM_END where input.isEmpty: return output
            case Z_STREAM_END: inflateReset(&stream)
            case Z_OK where consumed > 0 || !chunk.isEmpty: continue
            default: throw .malformed
            }
        }
        throw .malformed
    }

    private mutating func step(_ input: ArraySlice<UInt8>) -> (status: CInt, consumed: Int, chunk: [UInt8]) {
        let size = 65_536
        var status = Z_OK
        var consumed = 0
        let chunk = [UInt8](unsafeUninitializedCapacity: size) { output, count in
            input.withUnsafeBufferPointer { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(clamping: input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(size)
                status = CZlib.inflate(&stream, Z_NO_FLUSH)
                consumed = input.count - Int(stream.avail_in)
            }
            count = size - Int(stream.avail_out)
        }
        return (status, consumed, chunk)
    }
}
