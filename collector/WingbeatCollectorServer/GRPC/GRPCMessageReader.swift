// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Collects the one message of a unary call: a byte that says whether it is compressed, four bytes of length, and the
/// message.
struct GRPCMessageReader {
    /// How many bytes stand before a message.
    static let prefixLength = 5

    private let limit: Int
    private var buffer = ByteBuffer()

    /// - Parameter limit: the most bytes that a message may have before it is inflated.
    init(limit: Int) {
        self.limit = limit
    }

    /// Takes the next bytes of the stream.
    ///
    /// - Throws: as soon as it is clear that the message is too long, or is not the only one.
    mutating func append(_ bytes: inout ByteBuffer) throws(GRPCStatus) {
        buffer.writeBuffer(&bytes)
        guard let length = announcedLength else { return }
        guard length <= limit else {
            throw GRPCStatus(.resourceExhausted, "The message is larger than \(limit) bytes")
        }
        guard buffer.readableBytes <= Self.prefixLength + length else {
            throw GRPCStatus(.unimplemented, "expected one message, but more bytes follow the one of \(length)")
        }
    }

    /// The message, inflated, when the stream has ended.
    func message(_ encoding: ContentEncoding, limit: Int) throws -> [UInt8] {
        guard let length = announcedLength else {
            throw GRPCStatus(.invalidArgument, "expected a message of 5 bytes and more, got \(buffer.readableBytes)")
        }
        let bytes = buffer.readableBytesView.dropFirst(Self.prefixLength)
        guard bytes.count == length else {
            throw GRPCStatus(.invalidArgument, "the message ends after \(bytes.count) of \(length) bytes")
        }
        switch buffer.readableBytesView.first {
        case 0: return Array(bytes)
        case 1 where encoding != .identity: return try encoding.decode(Array(bytes), limit: limit)
        case 1: throw GRPCStatus(.internal, "the message is compressed, but grpc-encoding does not say how")
        default: throw GRPCStatus(.invalidArgument, "expected 0 or 1 as the first byte of a message")
        }
    }

    private var announcedLength: Int? {
        buffer.getInteger(at: buffer.readerIndex + 1, as: UInt32.self).map(Int.init)
    }

    /// A message as it is sent, uncompressed.
    static func frame(_ message: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeInteger(0 as UInt8)
        buffer.writeInteger(UInt32(clamping: message.count))
        buffer.writeBytes(message)
        return buffer
    }
}
