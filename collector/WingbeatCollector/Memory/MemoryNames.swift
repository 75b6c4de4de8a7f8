// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel
import WingbeatSpanCodecs

/// The names that are on the spans of an ``InMemorySpanStore``, with how many spans bear them, so that they go with the
/// last one.
struct MemoryNames {
    private var serviceCounts = CountedNames()
    private var spanNames: [String: CountedNames] = [:]
    private var remoteServices: [String: CountedNames] = [:]
    private var tagValues: [String: CountedNames] = [:]
    private let tagKeys: Set<String>

    init(tagKeys: Set<String>) {
        self.tagKeys = tagKeys
    }

    var services: [String] { serviceCounts.sorted }

    func spanNames(of service: String) -> [String] { spanNames[service]?.sorted ?? [] }

    func remoteServices(of service: String) -> [String] { remoteServices[service]?.sorted ?? [] }

    func tagValues(of key: String) -> [String] { tagValues[key]?.sorted ?? [] }

    mutating func add(_ span: SpanRecord) { change(span, by: 1) }

    mutating func remove(_ span: SpanRecord) { change(span, by: -1) }

    private mutating func change(_ span: SpanRecord, by step: Int) {
        changeTags(span, by: step)
        guard let service = span.indexedService else { return }
        serviceCounts.change(service, by: step)
        if !span.name.isEmpty { Self.change(&spanNames, service, span.name.lowercased(), by: step) }
        let remote = ZipkinSpan(span).remoteEndpoint?.serviceName?.lowercased() ?? ""
        if !remote.isEmpty { Self.change(&remoteServices, service, remote, by: step) }
    }

    private mutating func changeTags(_ span: SpanRecord, by step: Int) {
        guard !tagKeys.isEmpty else { return }
        for (key, value) in ZipkinSpan(span).tags where tagKeys.contains(key) {
            Self.change(&tagValues, key, value, by: step)
        }
    }

    private static func change(_ names: inout [String: CountedNames], _ owner: String, _ name: String, by step: Int) {
        names[owner, default: CountedNames()].change(name, by: step)
        if names[owner]?.isEmpty == true { names[owner] = nil }
    }
}

/// Names and how often each is borne.
private struct CountedNames {
    private var counts: [String: Int] = [:]

    var isEmpty: Bool { counts.isEmpty }

    var sorted: [String] { counts.keys.sorted() }

    mutating func change(_ name: String, by step: Int) {
        let count = (counts[name] ?? 0) + step
        counts[name] = count > 0 ? count : nil
    }
}

extension SpanRecord {
    /// The service's name in lower case; nil when there is none.
    var indexedService: String? {
        serviceName.flatMap { $0.isEmpty ? nil : $0.lowercased() }
    }
}
