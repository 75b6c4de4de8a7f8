// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

package import WingbeatModel

// One thing of Zipkin's view, without making the rest of it.
extension ZipkinSpan {
    /// The value of the tag with a key, among ``tags``; nil where there is none.
    package func tag(_ key: String) -> AttributeValue? {
        key.utf8.starts(with: "otel.".utf8) ? derivedTag(key) ?? ownTag(key) : ownTag(key)
    }

    /// True when an annotation has the text.
    package func hasAnnotation(_ text: String) -> Bool {
        record.events.contains { event in
            event.attributes.isEmpty
                ? event.name.hasSameBytes(as: text) : Self.annotationText(of: event).hasSameBytes(as: text)
        }
    }

    /// A duration in microseconds, rounded; at least one; nil where it is unknown, that is, zero nanoseconds.
    package static func duration(_ nanoseconds: UInt64) -> UInt64? {
        guard nanoseconds > 0 else { return nil }
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1000)
        return max(quotient + (remainder >= 500 ? 1 : 0), 1)
    }

    /// What the attributes say, or else the status.
    private func ownTag(_ key: String) -> AttributeValue? {
        let isKey = { (attribute: Attribute) in attribute.key.hasSameBytes(as: key) }
        let own = record.attributes.last(where: isKey)?.value
        guard key == "error" else { return own ?? record.sharedResource?.value.attributes.last(where: isKey)?.value }
        if own != .bool(false) {
            if let said = own ?? record.sharedResource?.value.attributes.last(where: isKey)?.value { return said }
        }
        guard case .error(let message) = record.status else { return nil }
        return .string(message)
    }

    /// What follows from the rest of the span, and wins over attributes.
    private func derivedTag(_ key: String) -> AttributeValue? {
        switch key {
        case "otel.status_code": statusCode
        case "otel.scope.name": record.sharedScope.flatMap { Self.text($0.value.name) }
        case "otel.scope.version": record.sharedScope.flatMap { Self.text($0.value.version) }
        case "otel.dropped_attributes_count": Self.count(record.dropped.attributes)
        case "otel.dropped_events_count": Self.count(record.dropped.events)
        case "otel.dropped_links_count": Self.count(record.dropped.links)
        default: nil
        }
    }

    private var statusCode: AttributeValue? {
        switch record.status {
        case .unset: nil
        case .ok: "OK"
        case .error: "ERROR"
        }
    }

    private static func text(_ text: String) -> AttributeValue? { text.isEmpty ? nil : .string(text) }
    private static func count(_ count: UInt32) -> AttributeValue? { count == 0 ? nil : .int(Int64(count)) }
}

extension AttributeValue {
    /// True when ``description`` is this text.
    package func isShown(as text: String) -> Bool {
        guard case .string(let own) = self else { return description.hasSameBytes(as: text) }
        return own.hasSameBytes(as: text)
    }
}

extension String {
    /// True when both texts are encoded by the same bytes: more than `==` asks for, and cheaper.
    package func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
