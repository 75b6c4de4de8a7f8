// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel
import WingbeatSpanCodecs

// What the filter is told: at least all that spans bear in Zipkin's view of them, each thing when its column, value or
// shape is new.
extension BlockWriter {
    mutating func noteName(_ name: String, _ service: Int) {
        note(BlockHash.name(name.lowercased()), service)
    }

    mutating func noteWord(_ word: String, _ service: Int) {
        note(BlockHash.word(word), service)
    }

    /// A tag whose word is noted with its column.
    ///
    /// - Parameter value: the hash of the value's text where it is known.
    mutating func noteTag(_ tag: Attribute, value: UInt64? = nil, _ service: Int) {
        note(BlockHash.tag(BlockHash.tag(tag.key), value: value ?? StableHash.of(tag.value.description)), service)
        if PeerKey.rank(of: tag.key) != nil { noteRemote(tag.value.description, service) }
    }

    mutating func noteTags(_ tags: [Attribute], _ service: Int) {
        for tag in tags {
            noteWord(tag.key, service)
            noteTag(tag, service)
        }
    }

    mutating func noteRemote(_ name: String, _ service: Int) {
        note(BlockHash.remoteService(name.lowercased()), service)
    }

    mutating func noteEvent(_ event: SpanRecord.Event, _ service: Int) {
        noteWord(ZipkinSpan.annotationText(of: event), service)
    }

    mutating func noteScope(_ scope: InstrumentationScope, _ service: Int) {
        noteTags(
            [Attribute("otel.scope.name", scope.name), Attribute("otel.scope.version", scope.version)],
            service
        )
    }

    mutating func noteStatus(_ bits: ShapeBits, _ service: Int) {
        if bits.contains(.isOK) { noteTags([Attribute("otel.status_code", "OK")], service) }
        guard bits.contains(.isError) else { return }
        noteTags([Attribute("otel.status_code", "ERROR")], service)
        noteWord("error", service)
    }

    mutating func noteDropped(_ dropped: SpanRecord.Dropped, _ service: Int) {
        let counts = [
            ("otel.dropped_attributes_count", dropped.attributes), ("otel.dropped_events_count", dropped.events),
            ("otel.dropped_links_count", dropped.links),
        ]
        noteTags(counts.filter { $0.1 > 0 }.map { Attribute($0.0, .int(Int64($0.1))) }, service)
    }

    private mutating func note(_ thing: UInt64, _ service: Int) {
        filter.insert(BlockHash.of(thing, service: filter.services[service]))
    }
}
