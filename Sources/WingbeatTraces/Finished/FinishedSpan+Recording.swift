// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Tracing
import WingbeatModel

// What is recorded until a span ends, within the tracer's limits.
extension FinishedSpan {
    /// Sets an attribute; the later value of a key counts.
    @usableFromInline
    func set(_ key: consuming String, _ value: consuming AttributeValue) {
        guard let hot = contents.pointee.hot else { return }
        let valueSize = value.size
        let keyLength = key.utf8.count
        let mayBeThere = contents.pointee.attributes.mayHave(keyOf: keyLength)
        let isFull = contents.pointee.attributes.count >= hot.pointee.limits.attributes
        if mayBeThere || isFull || valueSize > hot.pointee.limits.valueLength { return setSlowly(key, value, hot) }
        contents.pointee.size &+= Attribute.emptySize &+ keyLength &+ valueSize
        contents.pointee.attributes.append(key, length: keyLength, value)
    }

    @inline(never)
    private func setSlowly(_ key: String, _ value: AttributeValue, _ hot: UnsafeMutablePointer<TracerRoute.Hot>) {
        let value = value.cut(to: hot.pointee.limits.valueLength)
        if let old = contents.pointee.attributes.replace(key, value) {
            contents.pointee.size &+= value.size &- old.size
            return
        }
        guard contents.pointee.attributes.count < hot.pointee.limits.attributes else { return leaveOut(\.attributes) }
        contents.pointee.size &+= Attribute(key, value).size
        contents.pointee.attributes.append(key, length: key.utf8.count, value)
    }

    /// Sets all attributes at once, sorted by key.
    func setAll(_ attributes: SpanAttributes) {
        attributes.forEach { key, value in set(key, AttributeValue(value)) }
        contents.pointee.attributes.areUnordered = true
    }

    func add(_ event: consuming SpanRecord.Event) {
        guard let limits = contents.pointee.hot?.pointee.limits else { return }
        guard contents.pointee.record.events.count < limits.events else { return leaveOut(\.events) }
        event.droppedAttributes &+= cut(&event.attributes, limits.attributesPerEvent, limits.valueLength)
        contents.pointee.size &+= event.size
        contents.pointee.record.events.append(event)
    }

    func add(_ link: consuming SpanRecord.Link) {
        guard let limits = contents.pointee.hot?.pointee.limits else { return }
        guard contents.pointee.record.links.count < limits.links else { return leaveOut(\.links) }
        link.droppedAttributes &+= cut(&link.attributes, limits.attributesPerLink, limits.valueLength)
        contents.pointee.size &+= link.size
        contents.pointee.record.links.append(link)
    }

    @inline(never)
    func leaveOut(_ kind: WritableKeyPath<SpanRecord.Dropped, UInt32>, _ count: Int = 1) {
        contents.pointee.record.dropped[keyPath: kind] &+= UInt32(clamping: count)
        contents.pointee.hot?.pointee.counts.leftOut(count)
    }

    /// - Returns: how many were left out.
    private func cut(_ attributes: inout [Attribute], _ limit: Int, _ valueLength: Int) -> UInt32 {
        for index in attributes.indices {
            attributes[index].value = attributes[index].value.cut(to: valueLength)
        }
        guard attributes.count > limit else { return 0 }
        let leftOut = attributes.count - max(limit, 0)
        attributes.removeLast(leftOut)
        contents.pointee.hot?.pointee.counts.leftOut(leftOut)
        return UInt32(clamping: leftOut)
    }
}

extension AttributeValue {
    /// The value, texts and bytes in it no longer than so many bytes.
    @inline(__always)
    func cut(to length: Int) -> AttributeValue {
        switch self {
        case .string(let text) where text.utf8.count > length: .string(text.prefix(utf8Length: length))
        case .bytes, .array, .map: shortened(to: length)
        default: self
        }
    }

    private func shortened(to length: Int) -> AttributeValue {
        switch self {
        case .bytes(let bytes) where bytes.count > length: .bytes(Array(bytes.prefix(max(length, 0))))
        case .array(let values): .array(values.map { $0.cut(to: length) })
        case .map(let attributes): .map(attributes.map { Attribute($0.key, $0.value.cut(to: length)) })
        default: self
        }
    }

    /// About how many bytes the value takes beside its own.
    @inline(__always)
    var size: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .bytes, .array, .map: sizeOfList
        default: 0
        }
    }

    private var sizeOfList: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .array(let values): values.reduce(0) { $0 + 24 + $1.size }
        case .map(let attributes): attributes.reduce(0) { $0 + $1.size }
        default: 0
        }
    }
}

extension String {
    /// The text up to so many bytes, cut between two characters.
    fileprivate func prefix(utf8Length: Int) -> String {
        var end = utf8.index(startIndex, offsetBy: max(utf8Length, 0), limitedBy: endIndex) ?? endIndex
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}

extension Attribute {
    static let emptySize = 40

    /// About how many bytes of memory it takes.
    var size: Int { Self.emptySize + key.utf8.count + value.size }
}

extension SpanRecord.Event {
    /// About how many bytes of memory it takes.
    var size: Int { attributes.reduce(64 + name.utf8.count) { $0 + $1.size } }
}

extension SpanRecord.Link {
    /// About how many bytes of memory it takes.
    var size: Int { attributes.reduce(64 + traceState.utf8.count) { $0 + $1.size } }
}
