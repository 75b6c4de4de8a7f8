// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

/// The midnight (UTC) before the contract is checked, in milliseconds since 1970: a store may delete what is old.
let today = Int64(unixNanoseconds() / 1_000_000) / day * day
/// The length of a day in milliseconds.
let day: Int64 = 86_400_000

let frontend = NetworkEndpoint(serviceName: "frontend", ipv4: "127.0.0.1")
let backend = NetworkEndpoint(serviceName: "backend", ipv4: "192.168.99.101", port: 9000)
let database = NetworkEndpoint(serviceName: "db", ipv6: "2001:db8::c001", port: 3036)
let broker = NetworkEndpoint(serviceName: "kafka")

func endpoint(_ name: String) -> NetworkEndpoint { NetworkEndpoint(serviceName: name) }

/// A span.
///
/// - Parameters:
///   - start: microseconds after midnight; nil when unknown.
///   - duration: microseconds; nil when unknown.
func span(
    _ id: UInt64,
    of trace: UInt64 = 1,
    high: UInt64 = 0,
    parent: UInt64? = nil,
    _ kind: SpanRecord.Kind? = nil,
    at local: NetworkEndpoint? = frontend,
    to remote: NetworkEndpoint? = nil,
    named name: String = "",
    start: Int64? = 0,
    duration: UInt64? = nil,
    isShared: Bool = false,
    tags: [String: String] = [:],
    annotations: [String] = []
) -> SpanRecord {
    var span = SpanRecord(traceID: TraceID(high: high, low: trace) ?? .smallest, id: SpanID(id) ?? .smallest)
    span.name = name
    span.parentID = parent.flatMap { SpanID($0) }
    span.kind = kind
    span.localEndpoint = local
    span.remoteEndpoint = remote
    span.startNanoseconds = start.map { UInt64(today * 1000 + $0) * 1000 } ?? 0
    span.durationNanoseconds = (duration ?? 0) * 1000
    span.isShared = isShared
    span.attributes = tags.sorted { $0.key < $1.key }.map { Attribute($0.key, $0.value) }
    span.events = annotations.map { SpanRecord.Event(nanoseconds: UInt64(today) * 1_000_000, name: $0) }
    return span
}

/// A request to the frontend, which calls the backend, which asks its database and fails.
///
/// - Parameter start: microseconds after midnight.
func newTrace(_ trace: UInt64 = 1, high: UInt64 = 0, start: Int64 = 0) -> [SpanRecord] {
    func part(
        _ id: UInt64,
        _ parent: UInt64?,
        _ kind: SpanRecord.Kind,
        _ local: NetworkEndpoint,
        _ name: String,
        _ offset: Int64,
        _ duration: UInt64
    ) -> SpanRecord {
        span(
            id,
            of: trace,
            high: high,
            parent: parent,
            kind,
            at: local,
            named: name,
            start: start + offset,
            duration: duration
        )
    }
    var call = part(2, 1, .client, frontend, "post", 50, 200)
    call.remoteEndpoint = backend
    call.attributes = [Attribute("clnt/finagle.version", "6.45.0"), Attribute("http.path", "/api")]
    call.events = [SpanRecord.Event(nanoseconds: UInt64(today) * 1_000_000 + 60_000, name: "foo")]
    var answer = part(2, 1, .server, backend, "post", 100, 150)
    answer.isShared = true
    var query = part(3, 2, .client, backend, "query", 150, 50)
    query.remoteEndpoint = database
    query.attributes = [Attribute("error", "💩")]
    query.events = [SpanRecord.Event(nanoseconds: UInt64(today) * 1_000_000 + 190_000, name: "⻩")]
    return [part(1, nil, .server, frontend, "get", 0, 350), call, answer, query]
}

/// The links that ``newTrace(_:high:start:)`` makes.
func newTraceLinks(_ traces: Int = 1) -> [DependencyLink] {
    [link("backend", "db", traces, errors: traces), link("frontend", "backend", traces)]
}

func link(_ parent: String, _ child: String, _ calls: Int = 1, errors: Int = 0) -> DependencyLink {
    DependencyLink(parent: parent, child: child, callCount: calls, errorCount: errors)
}
