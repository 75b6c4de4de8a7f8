// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CZlib

/// Deflate (RFC 1951) without a header or a checksum, over whole buffers of known sizes: for bytes that have both
/// elsewhere.
package enum RawDeflate {
    /// Compresses the bytes at zlib's fastest level.
    package static func compress(_ bytes: [UInt8]) throws(CompressionError) -> [UInt8] {
        let stream = ZlibStream()
        guard wingbeat_deflate_init_raw(stream.pointer, Z_BEST_SPEED) == Z_OK else { throw .unavailable }
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
        guard status == Z_STREAM_END else { throw .tooLarge(limit: Int(UInt32.max)) }
        return output
    }

    /// Inflates bytes that are known to become so many.
    ///
    /// - Parameter count: how many must come out; no more memory than that is taken.
    package static func decompress(_ bytes: ArraySlice<UInt8>, count: Int) throws(CompressionError) -> [UInt8] {
        // Deflate makes at most 1032 bytes of one, so a larger count is damage, not a reason to reserve memory.
        guard count >= 0, count / 1032 <= bytes.count else { throw .malformed }
        let stream = ZlibStream()
        guard wingbeat_inflate_init_raw(stream.pointer) == Z_OK else { throw .unavailable }
        defer { inflateEnd(stream.pointer) }
        var status = Z_OK
        let output = [UInt8](unsafeUninitializedCapacity: max(count, 1)) { output, made in
            bytes.withUnsafeBufferPointer { input in
                stream.set(input: input, output: output)
                status = inflate(stream.pointer, Z_FINISH)
            }
            made = max(count, 1) - Int(stream.pointer.pointee.avail_out)
        }
        guard status == Z_STREAM_END, output.count == count else { throw .malformed }
        return output
    }
}
