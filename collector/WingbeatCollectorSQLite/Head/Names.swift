// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel
import WingbeatSpanCodecs

/// The names that spans bear, by the service that recorded them; all in lower case but the values of tags.
///
/// Clients may make up names without end, so there is a limit to each list and to all of them together; what is beyond
/// is found by a search, but not listed.
struct Names: Sendable {
    /// What one service's spans bear.
    struct Service: Sendable {
        /// How many spans there are.
        var spans = 0
        var spanNames: Set<String> = []
        var remoteServices: Set<String> = []
    }

    static let maximumPerList = 5000
    static let maximumBytes = 8 << 20
    static let maximumLength = 1024

    private(set) var services: [String: Service] = [:]
    /// The values of the tags that are asked for.
    private(set) var tagValues: [String: Set<String>] = [:]
    /// How many names found no room; each time that one came counts.
    private(set) var dropped = 0
    private var bytes = 0

    mutating func add(service: String, spans: Int) {
        if services[service] == nil {
            guard hasRoom(for: service, in: services.count) else { return }
            services[service] = Service()
        }
        services[service]?.spans += spans
    }

    mutating func add(spanName name: String, ofService service: String) {
        guard let known = services[service]?.spanNames, !known.contains(name), hasRoom(for: name, in: known.count)
        else { return }
        services[service]?.spanNames.insert(name)
    }

    mutating func add(remoteService name: String, ofService service: String) {
        guard let known = services[service]?.remoteServices, !known.contains(name), hasRoom(for: name, in: known.count)
        else { return }
        services[service]?.remoteServices.insert(name)
    }

    mutating func add(tagValue value: String, forKey key: String) {
        let known = tagValues[key] ?? []
        guard !known.contains(value), hasRoom(for: value, in: known.count) else { return }
        tagValues[key, default: []].insert(value)
    }

    mutating func add(_ other: Names) {
        for (name, service) in other.services {
            add(service: name, spans: service.spans)
            for spanName in service.spanNames { add(spanName: spanName, ofService: name) }
            for remote in service.remoteServices { add(remoteService: remote, ofService: name) }
        }
        for (key, values) in other.tagValues {
            for value in values { add(tagValue: value, forKey: key) }
        }
        dropped += other.dropped
    }

    private mutating func hasRoom(for name: String, in count: Int) -> Bool {
        let size = name.utf8.count
        guard size <= Self.maximumLength, count < Self.maximumPerList, bytes + size <= Self.maximumBytes else {
            dropped += 1
            return false
        }
        bytes += size + 64
        return true
    }
}

extension Names {
    /// The names that the spans bear.
    init(_ spans: [SpanRecord], tagKeys: Set<String>) {
        var collected = CollectedNames()
        // Spans are looked at where they are: to copy one is to count a dozen references.
        spans.withUnsafeBufferPointer { spans in
            for index in spans.indices { collected.add(spans[index]) }
        }
        for (raw, names) in collected.services {
            let service = raw.lowercased()
            add(service: service, spans: names.spans)
            for name in names.spanNames { add(spanName: name.lowercased(), ofService: service) }
            for name in names.remoteServices { add(remoteService: name.lowercased(), ofService: service) }
        }
        if !tagKeys.isEmpty { addTags(of: spans, keys: tagKeys) }
    }

    private mutating func addTags(of spans: [SpanRecord], keys: Set<String>) {
        for span in spans {
            for (key, value) in ZipkinSpan(span).tags where keys.contains(key) { add(tagValue: value, forKey: key) }
        }
    }
}
