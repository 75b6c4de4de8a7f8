// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

package import WingbeatModel

/// Makes traces as a shop of five services reports them over OpenTelemetry, the same in every run: about eight spans a
/// trace, requests, calls and queries, with a few attributes that hardly ever repeat, and an exception in every fiftieth
/// request.
package struct RealisticSpans {
    private static let services = ["gateway", "orders", "payments", "stock", "users"]
    private static let routes = ["/cart", "/orders/{id}", "/orders/{id}/items", "/pay", "/stock/{sku}", "/users/{id}"]
    private static let tables = ["carts", "orders", "order_items", "payments", "stock", "users"]

    private var random: SeededGenerator
    private let resources: [Shared<Resource>]
    private let scopes: [Shared<InstrumentationScope>]
    /// When the next trace begins, in nanoseconds since 1970.
    private var now: UInt64
    private var spans: [SpanRecord] = []
    private var trace = TraceID.smallest

    /// - Parameter start: when the first trace begins, in nanoseconds since 1970.
    package init(seed: UInt64, start: UInt64 = 1_700_000_000_000_000_000) {
        random = SeededGenerator(seed: seed)
        now = start
        resources = Self.services.enumerated().map { Shared(Self.resource($1, pod: $0)) }
        scopes = ["server", "client", "sql"].map { Shared(InstrumentationScope(name: "shop.\($0)", version: "1.4.2")) }
    }

    /// At least so many spans, in whole traces.
    package mutating func spans(_ count: Int) -> [SpanRecord] {
        var all: [SpanRecord] = []
        while all.count < count { all += nextTrace() }
        return all
    }

    /// The next trace.
    package mutating func nextTrace() -> [SpanRecord] {
        now += UInt64.random(in: 1_000...2_000_000, using: &random)
        trace = TraceID(random: random.next(), random.next())
        spans = []
        request(
            service: 0,
            parent: nil,
            start: now,
            duration: UInt64.random(in: 2_000_000...90_000_000, using: &random)
        )
        return spans
    }

    /// A server's span, with a query and calls of further services below it.
    private mutating func request(service: Int, parent: SpanID?, start: UInt64, duration: UInt64) {
        let route = Self.routes[Int.random(in: 0..<Self.routes.count, using: &random)]
        var span = bare("GET \(route)", service, 0, .server, parent, start, duration)
        let path = route.replacingID(with: Int.random(in: 1...200_000, using: &random))
        let fails = Int.random(in: 0..<50, using: &random) == 0
        span.attributes = [
            Attribute("http.request.method", "GET"), Attribute("http.route", route), Attribute("url.path", path),
            Attribute("url.scheme", "https"), Attribute("server.address", "\(Self.services[service]).shop.internal"),
            Attribute("server.port", 8080), Attribute("http.response.status_code", fails ? 500 : 200),
            Attribute("user.id", .string("u-\(Int.random(in: 1...5_000, using: &random))")),
            Attribute("client.address", .string("10.0.\(random.next() % 4).\(random.next() % 250)")),
        ]
        if fails { fail(&span) }
        spans.append(span)
        query(service, span.id, start + duration / 8, duration / 8)
        guard service < 3 else { return }
        let count = service == 0 ? Int.random(in: 1...2, using: &random) : Int.random(in: 0...1, using: &random)
        for _ in 0..<count {
            call(
                from: service,
                to: Int.random(in: service + 1...4, using: &random),
                span.id,
                start + duration / 4,
                duration / 3
            )
        }
    }

    private mutating func call(from service: Int, to other: Int, _ parent: SpanID, _ start: UInt64, _ duration: UInt64)
    {
        var span = bare("GET", service, 1, .client, parent, start, duration)
        span.attributes = [
            Attribute("http.request.method", "GET"),
            Attribute("server.address", "\(Self.services[other]).shop.internal"),
            Attribute("server.port", 8080), Attribute("http.response.status_code", 200),
            Attribute("network.protocol.version", "1.1"),
            Attribute(
                "url.full",
                "https://\(Self.services[other]).shop.internal/\(Int.random(in: 1...20_000, using: &random))"
            ),
        ]
        spans.append(span)
        request(service: other, parent: span.id, start: start + 300_000, duration: duration * 3 / 4)
    }

    private mutating func query(_ service: Int, _ parent: SpanID, _ start: UInt64, _ duration: UInt64) {
        let table = Self.tables[Int.random(in: 0..<Self.tables.count, using: &random)]
        var span = bare("SELECT \(table)", service, 2, .client, parent, start, duration)
        span.attributes = [
            Attribute("db.system.name", "postgresql"), Attribute("db.namespace", "shop"),
            Attribute("db.collection.name", table), Attribute("db.query.text", "SELECT * FROM \(table) WHERE id = $1"),
            Attribute("db.response.returned_rows", .int(Int64.random(in: 0...40, using: &random))),
            Attribute("server.address", "db-1.shop.internal"), Attribute("server.port", 5432),
        ]
        spans.append(span)
    }

    private func fail(_ span: inout SpanRecord) {
        span.status = .error("upstream timed out")
        var event = SpanRecord.Event(
            nanoseconds: span.startNanoseconds + span.durationNanoseconds / 2,
            name: "exception"
        )
        event.attributes = [
            Attribute("exception.type", "TimeoutError"), Attribute("exception.message", "upstream timed out"),
            Attribute(
                "exception.stacktrace",
                "TimeoutError: upstream timed out\n  at shop.orders.handle\n  at shop.main"
            ),
        ]
        span.events = [event]
    }

    private mutating func bare(
        _ name: String,
        _ service: Int,
        _ scope: Int,
        _ kind: SpanRecord.Kind,
        _ parent: SpanID?,
        _ start: UInt64,
        _ duration: UInt64
    ) -> SpanRecord {
        var span = SpanRecord(traceID: trace, id: SpanID(random: random.next()), parentID: parent, name: name)
        span.kind = kind
        span.startNanoseconds = start + UInt64.random(in: 0..<100_000, using: &random)
        span.durationNanoseconds = duration + UInt64.random(in: 0..<100_000, using: &random)
        span.flags = 0x101
        span.sharedResource = resources[service]
        span.sharedScope = scopes[scope]
        return span
    }

    private static func resource(_ service: String, pod: Int) -> Resource {
        Resource(
            serviceName: service,
            attributes: [
                Attribute("service.version", "2.\(pod).0"),
                Attribute("service.instance.id", "\(service)-7d9f8b6c5-\(pod)x2v"),
                Attribute("deployment.environment.name", "production"), Attribute("host.name", "node-\(pod % 3)"),
                Attribute("process.pid", .int(Int64(4000 + pod))), Attribute("telemetry.sdk.language", "swift"),
            ]
        )
    }
}

extension String {
    fileprivate func replacingID(with number: Int) -> String {
        split(separator: "/", omittingEmptySubsequences: false).map { $0.hasPrefix("{") ? String(number) : String($0) }
            .joined(separator: "/")
    }
}
