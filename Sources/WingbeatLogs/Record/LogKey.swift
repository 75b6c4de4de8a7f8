// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// The name of a pair: a literal, for names should be few and known in advance; log stores index them.
public struct LogKey: ExpressibleByStringLiteral {
    /// The name in UTF-8. Of a literal it is always valid; of swift-log's metadata only during the call that the key is
    /// given to.
    public let utf8: UnsafeBufferPointer<UInt8>

    /// A name.
    @inlinable
    @inline(__always)
    public init(stringLiteral text: StaticString) {
        utf8 = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    /// A name whose memory somebody else keeps.
    init(_ utf8: UnsafeBufferPointer<UInt8>) {
        self.utf8 = utf8
    }

    /// The name as text.
    public var text: String { String(decoding: utf8, as: UTF8.self) }
}

extension LogKey: @unchecked Sendable {}  // what it points to is not changed by anyone
