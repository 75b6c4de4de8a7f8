// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

package import WingbeatModel

/// A trace for readers that know neither fragments nor shared ids, such as Jaeger's.
package enum UniqueSpans {
    /// The spans of a trace with their fragments put together, each with an id of its own, those that began first at the
    /// front.
    ///
    /// Zipkin's server side of a call may have the id of the client's. It gets a new one then, becomes the client's child,
    /// and what was below that id stands below the server. The new id is the first free one after the old.
    ///
    /// Source: the rule of Jaeger's `SpanIDUniquifier`.
    package static func of(_ spans: [SpanRecord]) -> [SpanRecord] {
        var unique = SpanMerger.merge(spans)
        var taken = Set(unique.map(\.id))
        let clients = Set(unique.filter { !$0.isShared }.map(\.id))
        var servers: [SpanID: SpanID] = [:]
        for index in unique.indices where unique[index].isShared && clients.contains(unique[index].id) {
            let old = unique[index].id
            let new = firstFree(after: old, in: taken)
            taken.insert(new)
            servers[old] = servers[old] ?? new
            unique[index].id = new
            unique[index].parentID = old
        }
        for index in unique.indices {
            guard let parent = unique[index].parentID, let server = servers[parent], !unique[index].isShared else {
                continue
            }
            unique[index].parentID = server
        }
        return unique.sorted { $0.startNanoseconds < $1.startNanoseconds }
    }

    private static func firstFree(after id: SpanID, in taken: Set<SpanID>) -> SpanID {
        var value = id.value
        while true {
            value &+= 1
            if let free = SpanID(value), !taken.contains(free) { return free }
        }
    }
}
