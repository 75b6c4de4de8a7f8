// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

package import WingbeatModel

/// Puts together what was reported of one span in several parts.
///
/// Parts belong together when they have the same id, the same shared flag and endpoints that do not contradict each
/// other. Of two values the first one that is known counts; tags and annotations are united.
package enum SpanMerger {
    /// The spans of a trace with their fragments put together, clients before servers.
    package static func merge(_ spans: [SpanRecord]) -> [SpanRecord] {
        var merged: [SpanRecord] = []
        var positions: [SpanID: [Int]] = [:]
        for span in spans.sorted(by: isBefore) {
            var span = span
            let others = positions[span.id] ?? []
            complete(&span, from: others.map { merged[$0] })
            if let match = others.first(where: { canMerge(merged[$0], span) }) {
                merged[match].merge(span)
            } else {
                positions[span.id, default: []].append(merged.count)
                merged.append(span)
            }
        }
        return merged
    }

    /// Clients before servers, and what is shared last, so that a server finds its client's side merged already.
    private static func isBefore(_ left: SpanRecord, _ right: SpanRecord) -> Bool {
        (left.isShared ? 1 : 0, left.kind == .client ? 0 : 1) < (right.isShared ? 1 : 0, right.kind == .client ? 0 : 1)
    }

    /// A server's side with the id of a client's is shared even if it does not say so, and has the client's parent.
    private static func complete(_ span: inout SpanRecord, from others: [SpanRecord]) {
        guard span.kind == .server, let client = others.first(where: { $0.kind == .client }) else { return }
        span.isShared = true
        span.parentID = span.parentID ?? client.parentID
    }

    private static func canMerge(_ left: SpanRecord, _ right: SpanRecord) -> Bool {
        guard left.isShared == right.isShared else { return false }
        guard let one = left.localEndpoint, let other = right.localEndpoint else { return true }
        return agree(one.serviceName?.lowercased(), other.serviceName?.lowercased()) && agree(one.ipv4, other.ipv4)
            && agree(one.ipv6, other.ipv6) && agree(one.port, other.port)
    }

    private static func agree<Value: Equatable>(_ left: Value?, _ right: Value?) -> Bool {
        left == nil || right == nil || left == right
    }
}

extension SpanRecord {
    fileprivate mutating func merge(_ other: SpanRecord) {
        parentID = parentID ?? other.parentID
        kind = kind ?? other.kind
        if name.isEmpty { name = other.name }
        if startNanoseconds == 0 { startNanoseconds = other.startNanoseconds }
        if durationNanoseconds == 0 { durationNanoseconds = other.durationNanoseconds }
        if status == .unset { status = other.status }
        localEndpoint = localEndpoint ?? other.localEndpoint
        remoteEndpoint = remoteEndpoint ?? other.remoteEndpoint
        resource = resource ?? other.resource
        attributes += other.attributes
        events += other.events.filter { !events.contains($0) }
        links += other.links.filter { !links.contains($0) }
        isDebug = isDebug || other.isDebug
    }
}
