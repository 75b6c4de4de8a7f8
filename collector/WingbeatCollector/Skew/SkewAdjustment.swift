// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// Moves the spans of machines whose clocks are behind, so that no server's side begins before its client's.
///
/// Source: the rules of Zipkin's page. Only a call with a client's and a server's side on different addresses tells of a
/// skew, and only where the server seems to begin before the client, or with it. The server's times are moved into the
/// middle of the client's, where it fits, or else to the client's start; those of other spans of that address below it
/// follow. A trace without a root, or with two, stays as it is.
public enum SkewAdjustment {
    /// The attribute of a span that was moved: how many nanoseconds were added to its times (an integer).
    public static let key = "wingbeat.skew_adjusted"

    private struct Skew {
        let nanoseconds: Int64
        let host: NetworkEndpoint
    }

    /// The spans of a trace with fragments put together, moved where it is needed.
    public static func adjust(_ spans: [SpanRecord]) -> [SpanRecord] {
        let tree = SpanTree(spans)
        guard hasOneRoot(tree) else { return spans }
        var moved: [ObjectIdentifier: (span: SpanRecord, skew: Skew?)] = [:]
        var adjusted: [SpanRecord] = []
        for node in tree.breadthFirst {
            guard var span = node.span else { continue }
            let above = node.parent.flatMap { moved[ObjectIdentifier($0)] }
            var skew = above?.skew
            if let skew { move(&span, by: skew) }
            if let above, let own = self.skew(from: above.span, to: span) {
                move(&span, by: own)
                skew = own
            }
            moved[ObjectIdentifier(node)] = (span, skew)
            adjusted.append(span)
        }
        return adjusted
    }

    private static func hasOneRoot(_ tree: SpanTree) -> Bool {
        guard let root = tree.root.span else { return false }
        return tree.breadthFirst.dropFirst().allSatisfy { $0.span?.parentID != nil || $0.span?.id == root.id }
    }

    /// By how much the server's clock is ahead of the client's; nil where that is not known. It is negative.
    private static func skew(from client: SpanRecord, to server: SpanRecord) -> Skew? {
        guard isBehind(server, client), let host = server.localEndpoint,
            let start = Int64(exactly: client.startNanoseconds),
            let serverStart = Int64(exactly: server.startNanoseconds)
        else { return nil }
        let isOneWay = client.durationNanoseconds == 0 || server.durationNanoseconds == 0
        if isOneWay || client.durationNanoseconds < server.durationNanoseconds {
            return Skew(nanoseconds: serverStart - start - 1000, host: host)
        }
        let latency = (client.durationNanoseconds - server.durationNanoseconds) / 2
        let skew = (serverStart - start).subtractingReportingOverflow(Int64(clamping: latency))
        return skew.overflow || skew.partialValue == 0 ? nil : Skew(nanoseconds: skew.partialValue, host: host)
    }

    /// True when a server on another machine seems to begin before its client, or with it.
    static func isBehind(_ server: SpanRecord, _ client: SpanRecord) -> Bool {
        guard client.kind == .client, server.kind == .server, let host = server.localEndpoint,
            let other = client.localEndpoint, host.hasAddress, other.hasAddress, !host.isAt(other)
        else { return false }
        return server.startNanoseconds > 0 && server.startNanoseconds <= client.startNanoseconds
            && client.startNanoseconds <= UInt64(Int64.max)
    }

    private static func move(_ span: inout SpanRecord, by skew: Skew) {
        guard let host = span.localEndpoint, host.isAt(skew.host) else { return }
        let difference = 0 - skew.nanoseconds
        span.startNanoseconds = moved(span.startNanoseconds, by: difference)
        for index in span.events.indices {
            span.events[index].nanoseconds = moved(span.events[index].nanoseconds, by: difference)
        }
        var total = difference
        if let index = span.attributes.firstIndex(where: { $0.key == key }) {
            if case .int(let before) = span.attributes.remove(at: index).value { total = difference &+ before }
        }
        span.attributes.append(Attribute(key, .int(total)))
    }

    /// What is not known stays so, and what would leave the range of times stays where it is.
    private static func moved(_ time: UInt64, by difference: Int64) -> UInt64 {
        guard time > 0, let signed = Int64(exactly: time) else { return time }
        let (sum, overflow) = signed.addingReportingOverflow(difference)
        return overflow || sum <= 0 ? time : UInt64(sum)
    }
}

extension NetworkEndpoint {
    fileprivate var hasAddress: Bool { ipv4 != nil || ipv6 != nil }

    /// True when both have the same address.
    fileprivate func isAt(_ other: NetworkEndpoint) -> Bool {
        (ipv4 != nil && ipv4 == other.ipv4) || (ipv6 != nil && ipv6 == other.ipv6)
    }
}
