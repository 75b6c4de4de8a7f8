// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// What a request of OTLP held: the spans, and how many of it are none.
///
/// A span without a valid trace id and span id cannot be kept, and is rejected alone; the others are taken. Bytes that are
/// no OTLP at all are refused as a whole.
public struct OTLPBatch: Sendable {
    /// The spans, in the order of the request.
    public internal(set) var spans: [SpanRecord] = []
    /// How many spans were rejected.
    public private(set) var rejectedSpans = 0
    /// Why the first of them was; empty where none was.
    public private(set) var rejectionReason = ""

    /// The answer that the sender of the request is given when the spans are taken.
    public var response: OTLPResponse {
        OTLPResponse(rejectedSpans: Int64(rejectedSpans), errorMessage: rejectionReason)
    }

    /// Takes a span that was read to its end; counts it where it is none.
    @inline(__always)
    mutating func take(_ span: consuming SpanRecord, with parts: OTLPSpanParts) {
        guard parts.finish(&span) else { return reject(parts.problem) }
        spans.append(consume span)
    }

    private mutating func reject(_ reason: String) {
        if rejectedSpans == 0 { rejectionReason = "span \(spans.count): \(reason)" }
        rejectedSpans += 1
    }
}

/// Limits of what is read from a request.
enum OTLPLimits {
    /// How deep lists and maps may stand in each other.
    static let valueDepth = 32
    /// How many bytes of text are looked up among those read before; longer ones seldom repeat.
    static let rememberedBytes = 256
}

extension Resource {
    /// A resource with the attributes of OTLP's; the first text under `service.name` is the service's name.
    init(otlpAttributes attributes: [Attribute]) {
        var attributes = attributes
        var name = ""
        for (index, attribute) in attributes.enumerated() {
            guard attribute.key == "service.name", case .string(let text) = attribute.value else { continue }
            name = text
            attributes.remove(at: index)
            break
        }
        self.init(serviceName: name, attributes: attributes)
    }
}

extension SpanRecord.Status {
    /// A status of OTLP; a message is kept with an error only.
    init(otlpCode code: UInt64, message: String) {
        switch code {
        case 1: self = .ok
        case 2: self = .error(message)
        default: self = .unset
        }
    }
}
