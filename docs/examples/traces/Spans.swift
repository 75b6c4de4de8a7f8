// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Wingbeat

struct Order {
    let id: String
    let total: Double
    let items: [String]
}

struct OutOfStock: Error {}

/// Spans as swift-distributed-tracing has them: each is the current one while its body runs.
func buy(_ order: Order) async throws {
    try await withSpan("buy") { span in
        span.attributes["order.id"] = order.id
        span.attributes["order.total"] = order.total
        span.attributes["order.items"] = order.items
        try await pack(items: order.items)
        span.addEvent("packed")
        let charged = try withSpan("charge card", ofKind: .client) { span in
            defer { span.attributes["retry"] = false }
            return try charge(order)
        }
        if !charged { span.setStatus(SpanStatus(code: .error, message: "card declined")) }
    }
}

/// Named `pack(items:)`.
func pack(items: [String]) async throws {
    try await traced { try await take(items) }
}

func take(_ items: [String]) async throws {
    try traced("take from shelf") { span in
        span.attributes["shelf"] = "A7"
        if items.isEmpty { throw OutOfStock() }
    }
}

func charge(_ order: Order) throws -> Bool { order.total < 100 }

/// Code that was not given the span finds it.
func noteCacheHit(_ tracer: WingbeatTracer) {
    let current = ServiceContext.current.flatMap { tracer.activeSpan(identifiedBy: $0) }
    current?.attributes["cache.hit"] = true
}

/// A detached task knows nothing of its maker, so it is told.
func mailLater(_ order: Order) -> Task<Void, Never> {
    let context = ServiceContext.current ?? .topLevel
    return Task.detached {
        withSpan("mail receipt", context: context) { span in span.attributes["order.id"] = order.id }
    }
}

/// A callback ends what was begun before it.
func lookUp(_ host: String, resolve: (String, @escaping @Sendable (String?) -> Void) -> Void) {
    let span = startSpan("look up", ofKind: .client)
    resolve(host) { address in
        span.attributes["server.address"] = address ?? "unknown"
        span.end()
    }
}

/// One span for many messages: it has no single parent, but a link to each.
func handle(_ batch: [ServiceContext]) {
    withSpan("handle batch", ofKind: .consumer) { span in
        for message in batch { span.addLink(SpanLink(context: message, attributes: [:])) }
    }
}
