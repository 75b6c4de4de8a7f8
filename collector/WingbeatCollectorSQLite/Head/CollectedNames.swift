// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel
import WingbeatSpanCodecs

/// The names in a post as they came, so that each is made lower case once.
struct CollectedNames {
    /// What the spans of one service bear.
    final class Service {
        var spans = 0
        var spanNames = RecentNames()
        var remoteServices = RecentNames()

        fileprivate func add(_ span: SpanRecord) {
            spans += 1
            spanNames.insert(span.name)
            if let remote = span.remoteServiceName { remoteServices.insert(remote) }
        }
    }

    private(set) var services: [String: Service] = [:]
    private var last: (name: String, service: Service)?

    mutating func add(_ span: SpanRecord) {
        guard let name = span.serviceName, !name.isEmpty else { return }
        if last?.name != name { last = (name, service(name)) }
        last?.service.add(span)
    }

    private mutating func service(_ name: String) -> Service {
        if let known = services[name] { return known }
        let new = Service()
        services[name] = new
        return new
    }
}

/// A set of names that looks first among those that came last, where no name need be hashed.
struct RecentNames: Sequence {
    private var names: Set<String> = []
    private var recent = [String](repeating: "", count: 32)

    mutating func insert(_ name: String) {
        guard let last = name.utf8.last else { return }
        let place = (name.utf8.count &* 7 &+ Int(last)) & (recent.count - 1)
        if recent[place] == name { return }
        recent[place] = name
        names.insert(name)
    }

    func makeIterator() -> Set<String>.Iterator { names.makeIterator() }
}
