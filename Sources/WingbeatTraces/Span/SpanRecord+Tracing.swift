// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Tracing
import WingbeatModel

extension [Attribute] {
    /// swift-distributed-tracing's attributes, sorted by key.
    init(spanAttributes: SpanAttributes) {
        self = []
        spanAttributes.forEach { key, value in append(Attribute(key, AttributeValue(value))) }
        sort { $0.key < $1.key }
    }
}

extension AttributeValue {
    /// The enumeration of swift-distributed-tracing may grow; what is new becomes text.
    init(_ attribute: SpanAttribute) {
        switch attribute {
        case .string(let value): self = .string(value)
        case .bool(let value): self = .bool(value)
        case .int32(let value): self = .int(Int64(value))
        case .int64(let value): self = .int(value)
        case .double(let value): self = .double(value)
        case .stringConvertible(let value): self = .string(value.description)
        case .stringArray(let values): self = .array(values.map { .string($0) })
        case .boolArray(let values): self = .array(values.map { .bool($0) })
        case .int32Array(let values): self = .array(values.map { .int(Int64($0)) })
        case .int64Array(let values): self = .array(values.map { .int($0) })
        case .doubleArray(let values): self = .array(values.map { .double($0) })
        case .stringConvertibleArray(let values): self = .array(values.map { .string($0.description) })
        default: self = .string("\(attribute)")
        }
    }
}

extension SpanRecord.Kind {
    /// The side of a remote call, in our words.
    init(_ kind: SpanKind) {
        switch kind {
        case .client: self = .client
        case .server: self = .server
        case .producer: self = .producer
        case .consumer: self = .consumer
        default: self = .internal
        }
    }
}

extension SpanRecord.Status {
    init(_ status: SpanStatus) {
        switch status.code {
        case .ok: self = .ok
        case .error: self = .error(status.message ?? "")
        }
    }
}

extension SpanRecord.Event {
    init(_ event: SpanEvent) {
        self.init(
            nanoseconds: event.nanosecondsSinceEpoch,
            name: event.name,
            attributes: Array(spanAttributes: event.attributes)
        )
    }

    /// OpenTelemetry's event for an error, with the details that the caller tells.
    init(of error: any Error, with attributes: SpanAttributes = [:], at nanoseconds: UInt64) {
        var attributes = attributes
        attributes["exception.type"] = String(reflecting: type(of: error))
        attributes["exception.message"] = "\(error)"
        self.init(nanoseconds: nanoseconds, name: "exception", attributes: Array(spanAttributes: attributes))
    }
}

extension SpanRecord.Link {
    /// Nil when the context belongs to no trace.
    init?(_ link: SpanLink) {
        guard let trace = link.context.traceContext else { return nil }
        self.init(
            traceID: trace.traceID,
            spanID: trace.spanID,
            attributes: Array(spanAttributes: link.attributes)
        )
        traceState = trace.traceState
        flags = trace.sampling.isSampled ? 1 : 0
    }
}
