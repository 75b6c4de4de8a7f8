// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

package import WingbeatModel

/// Makes spans with anything in any field, the same in every run.
package struct RandomSpans {
    private var random: SeededGenerator
    private var resources: [Resource?] = []
    private var scopes: [InstrumentationScope?] = []

    package init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        resources = [nil] + (0..<3).map { _ in resource() }
        scopes = [nil] + (0..<3).map { _ in scope() }
    }

    /// A span as OpenTelemetry has them.
    package mutating func openTelemetry() -> SpanRecord {
        var span = bare()
        span.traceState = maybe("") { $0.text() }
        span.flags = maybe(0) { $0.number() }
        span.kind = SpanRecord.Kind(rawValue: UInt8.random(in: 0...5, using: &random))
        span.startNanoseconds = maybe(0) { $0.number(below: 1 << 62) }
        span.durationNanoseconds = maybe(0) { $0.number(below: 1 << 62) }
        span.status = [.unset, .ok, .error(""), .error(text())].randomElement(using: &random) ?? .unset
        span.attributes = attributes()
        span.events = (0..<count()).map { _ in event() }
        span.links = (0..<count()).map { _ in link() }
        span.dropped.attributes = maybe(0) { $0.number() }
        span.dropped.events = maybe(0) { $0.number() }
        span.dropped.links = maybe(0) { $0.number() }
        span.resource = resources.randomElement(using: &random) ?? nil
        span.scope = scopes.randomElement(using: &random) ?? nil
        return span
    }

    /// A span as Zipkin has them.
    package mutating func zipkin() -> SpanRecord {
        var span = bare()
        span.kind = SpanRecord.Kind(rawValue: UInt8.random(in: 0...4, using: &random))
        span.startNanoseconds = maybe(0) { $0.number(below: 1 << 50) * 1000 }
        span.durationNanoseconds = maybe(0) { $0.number(below: 1 << 40) * 1000 }
        let keys = ["error", "otel.status_code", "peer.service", "net.peer.ip", "zipkin.shared", "a", text()]
        span.attributes = keys.shuffled(using: &random).prefix(count()).map { Attribute($0, text()) }
        span.events = (0..<count()).map { _ in
            SpanRecord.Event(nanoseconds: number(below: 1 << 40) * 1000, name: text())
        }
        span.localEndpoint = endpoint()
        span.remoteEndpoint = endpoint()
        span.isShared = Bool.random(using: &random)
        span.isDebug = Bool.random(using: &random)
        return span
    }

    private mutating func bare() -> SpanRecord {
        let trace = TraceID(high: maybe(0) { $0.number() }, low: number())
        var span = SpanRecord(traceID: trace ?? .smallest, id: SpanID(number()) ?? .smallest, name: text())
        span.parentID = maybe(nil) { SpanID($0.number()) }
        return span
    }

    private mutating func resource() -> Resource {
        var resource = Resource(serviceName: text(), attributes: attributes())
        resource.droppedAttributes = maybe(0) { $0.number() }
        resource.schemaURL = maybe("") { $0.text() }
        return resource
    }

    private mutating func scope() -> InstrumentationScope {
        var scope = InstrumentationScope(name: text(), version: text(), attributes: attributes())
        scope.droppedAttributes = maybe(0) { $0.number() }
        scope.schemaURL = maybe("") { $0.text() }
        return scope
    }

    private mutating func event() -> SpanRecord.Event {
        var event = SpanRecord.Event(nanoseconds: maybe(0) { $0.number() }, name: text(), attributes: attributes())
        event.droppedAttributes = maybe(0) { $0.number() }
        return event
    }

    private mutating func link() -> SpanRecord.Link {
        let trace = TraceID(high: number(), low: number()) ?? .smallest
        var link = SpanRecord.Link(traceID: trace, spanID: SpanID(number()) ?? .smallest, attributes: attributes())
        link.droppedAttributes = maybe(0) { $0.number() }
        link.traceState = maybe("") { $0.text() }
        link.flags = maybe(0) { $0.number() }
        return link
    }

    private mutating func endpoint() -> NetworkEndpoint? {
        let endpoint = NetworkEndpoint(
            serviceName: maybe(nil) { "service " + $0.text() },
            ipv4: maybe(nil) { "10.0.0.\($0.number(below: 255))" },
            ipv6: maybe(nil) { "2001:db8::\(String(1 + $0.number(below: 1000), radix: 16))" },
            port: maybe(nil) { UInt16(1 + $0.number(below: 65535)) }
        )
        return endpoint.isEmpty ? nil : endpoint
    }

    private mutating func attributes(depth: Int = 0) -> [Attribute] {
        (0..<count()).map { _ in Attribute(text(), value(depth: depth)) }
    }

    private mutating func value(depth: Int) -> AttributeValue {
        switch Int.random(in: 0..<(depth < 4 ? 10 : 7), using: &random) {
        case 0: .bool(Bool.random(using: &random))
        case 1: .int(Int64(bitPattern: number()))
        case 2: .double(Double.random(in: -1e9...1e9, using: &random))
        case 3: .double([0, .infinity, -.infinity, 2.5e-308, 1e308].randomElement(using: &random) ?? 1)
        case 4: .bytes((0..<count()).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        case 5: .empty
        case 7: .array((0..<count()).map { _ in value(depth: depth + 1) })
        case 8: .map(attributes(depth: depth + 1))
        default: .string(text())
        }
    }

    private mutating func text() -> String { nastyText(using: &random) }

    private mutating func count() -> Int { Int.random(in: 0...4, using: &random) }

    /// A number of any size.
    private mutating func number<Number: FixedWidthInteger>() -> Number {
        Number.random(in: .min ... .max, using: &random)
            >> Number.random(in: 0..<Number(Number.bitWidth), using: &random)
    }

    private mutating func number(below limit: UInt64) -> UInt64 { number() % limit }

    private mutating func maybe<Value>(_ nothing: Value, _ make: (inout RandomSpans) -> Value) -> Value {
        Bool.random(using: &random) ? nothing : make(&self)
    }
}
