// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// A span of Zipkin's first version, whose annotations say on which host each was made: one span may hold both sides of
/// a call. ``ZipkinV1Converter`` takes it apart.
struct ZipkinV1Span {
    var traceID: TraceID
    var id: SpanID
    var parentID: SpanID?
    var name = ""
    /// Nanoseconds since 1970; zero when unknown.
    var start: UInt64 = 0
    /// Nanoseconds; zero when unknown.
    var duration: UInt64 = 0
    var isDebug = false
    var annotations: [Annotation] = []
    var binaryAnnotations: [BinaryAnnotation] = []
    /// Annotations that were not complete.
    var droppedAnnotations: UInt32 = 0

    /// Something that happened at a moment on a host; one of two letters is the side of a call.
    struct Annotation {
        /// Nanoseconds since 1970.
        var time: UInt64 = 0
        var value = ""
        var endpoint: Shared<NetworkEndpoint>?
    }

    /// A tag, or the address of the other side.
    struct BinaryAnnotation {
        var key = ""
        var value = AttributeValue.empty
        var endpoint: Shared<NetworkEndpoint>?

        /// True for the addresses of a server (`sa`), a client (`ca`) and a broker (`ma`). They are mostly true, but some
        /// clients write a number or a text.
        var isAddress: Bool {
            (key == "sa" || key == "ca" || key == "ma") && endpoint != nil && value != .bool(false)
        }
    }
}
