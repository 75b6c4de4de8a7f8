// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

package import WingbeatModel

/// Packs the spans of one trace into bytes for a row of the store, and back.
///
/// The first byte is the format. Numbers are variable-length (seven bits a byte, lowest first), texts are their length
/// and their bytes, optional parts are announced by bits. What a span shares with
/// the one before is written once. The trace's id is not in the bytes: it is in the row.
package enum SpanBlob {
    private static let format: UInt8 = 1

    /// Bytes that are no packed spans: the row is damaged.
    package struct Damaged: Error {
        package init() {}
    }

    package static func pack(_ spans: [SpanRecord]) -> [UInt8] {
        var writer = BlobWriter()
        writer.bytes.append(format)
        writer.append(spans) { writer, span in writer.append(span) }
        return writer.bytes
    }

    package static func unpack(_ bytes: [UInt8], of trace: TraceID) throws(Damaged) -> [SpanRecord] {
        var reader = BlobReader(bytes)
        guard try reader.byte() == format else { throw Damaged() }
        return try reader.list { reader throws(Damaged) in try reader.span(of: trace) }
    }

    /// Which parts a span has.
    struct Parts: OptionSet {
        let rawValue: UInt64
        static let parent = Parts(rawValue: 1 << 0)
        static let localEndpoint = Parts(rawValue: 1 << 1)
        static let remoteEndpoint = Parts(rawValue: 1 << 2)
        static let resource = Parts(rawValue: 1 << 3)
        static let shared = Parts(rawValue: 1 << 4)
        static let debug = Parts(rawValue: 1 << 5)
        static let ok = Parts(rawValue: 1 << 6)
        static let error = Parts(rawValue: 1 << 7)
        /// What Zipkin does not know and few spans have; written last, and unknown to earlier versions.
        static let details = Parts(rawValue: 1 << 8)
        static let scope = Parts(rawValue: 1 << 9)
        /// These are those of the span before, and not written again.
        static let sameLocalEndpoint = Parts(rawValue: 1 << 10)
        static let sameResource = Parts(rawValue: 1 << 11)
        static let sameScope = Parts(rawValue: 1 << 12)
    }

    /// Which parts an endpoint has.
    struct EndpointParts: OptionSet {
        let rawValue: UInt64
        static let serviceName = EndpointParts(rawValue: 1 << 0)
        static let ipv4 = EndpointParts(rawValue: 1 << 1)
        static let ipv6 = EndpointParts(rawValue: 1 << 2)
        static let port = EndpointParts(rawValue: 1 << 3)
    }

    /// The first byte of an attribute's value.
    enum ValueTag {
        static let string: UInt8 = 0
        static let no: UInt8 = 1
        static let yes: UInt8 = 2
        static let int: UInt8 = 3
        static let double: UInt8 = 4
        static let array: UInt8 = 5
        static let bytes: UInt8 = 6
        static let map: UInt8 = 7
        static let empty: UInt8 = 8
    }
}
