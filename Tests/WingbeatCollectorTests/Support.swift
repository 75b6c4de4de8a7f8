// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

/// Midnight of a day, in microseconds since 1970.
let today: UInt64 = 1_700_006_400_000_000

let frontend = NetworkEndpoint(serviceName: "frontend", ipv4: "127.0.0.1")
let backend = NetworkEndpoint(serviceName: "backend", ipv4: "192.168.99.101", port: 9000)
let database = NetworkEndpoint(serviceName: "db", ipv6: "2001:db8::c001", port: 3036)
let broker = NetworkEndpoint(serviceName: "kafka")

/// A span of the trace 1.
///
/// - Parameters:
///   - start: microseconds after midnight; nil when unknown.
///   - duration: microseconds; nil when unknown.
func span(
    _ id: UInt64,
    parent: UInt64? = nil,
    _ kind: SpanRecord.Kind? = nil,
    at local: NetworkEndpoint? = nil,
    to remote: NetworkEndpoint? = nil,
    named name: String = "",
    start: UInt64? = nil,
    duration: UInt64? = nil,
    isShared: Bool = false,
    isError: Bool = false
) -> SpanRecord {
    var span = SpanRecord(
        traceID: TraceID(high: 0, low: 1) ?? .smallest,
        id: SpanID(id) ?? .smallest,
        parentID: parent.flatMap { SpanID($0) },
        name: name
    )
    span.kind = kind
    span.localEndpoint = local
    span.remoteEndpoint = remote
    span.startNanoseconds = start.map { (today + $0) * 1000 } ?? 0
    span.durationNanoseconds = (duration ?? 0) * 1000
    span.isShared = isShared
    if isError { span.attributes = [Attribute("error", "")] }
    return span
}

/// The trace of Zipkin's own tests: a request to the frontend, which calls the backend, which asks its database.
var newTrace: [SpanRecord] {
    var call = span(2, parent: 1, .client, at: frontend, to: backend, named: "post", start: 50, duration: 200)
    call.events = [SpanRecord.Event(nanoseconds: (today + 60) * 1000, name: "foo")]
    call.attributes = [Attribute("http.path", "/api"), Attribute("clnt/finagle.version", "6.45.0")]
    return [
        span(1, .server, at: frontend, named: "get", start: 0, duration: 350),
        call,
        span(2, parent: 1, .server, at: backend, named: "post", start: 100, duration: 150, isShared: true),
        span(3, parent: 2, .client, at: backend, to: database, named: "query", start: 150, duration: 50, isError: true),
    ]
}

/// The links that a linker finds in traces.
func links(_ traces: [SpanRecord]...) -> [DependencyLink] {
    var linker = DependencyLinker()
    for trace in traces { linker.add(trace) }
    return linker.links
}

func link(_ parent: String, _ child: String, _ calls: Int = 1, errors: Int = 0) -> DependencyLink {
    DependencyLink(parent: parent, child: child, callCount: calls, errorCount: errors)
}
