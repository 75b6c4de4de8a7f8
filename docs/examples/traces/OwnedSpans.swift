// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Wingbeat

/// A span with one owner, below the current one.
func reserve(_ order: Order, _ tracer: WingbeatTracer) throws {
    let span = tracer.begin("reserve stock", kind: .client)
    span.set("order.id", order.id)
    span.set("order.items", order.items.count)
    span.set("order.parts", .array(order.items.map { .string($0) }))
    do {
        try find(order, tracer, below: span.context)
        span.addEvent("reserved", [Attribute("shelf", "A7")])
    } catch {
        span.recordError(error)
        span.end()
        throw error
    }
    span.end()
}

func find(_ order: Order, _ tracer: WingbeatTracer, below parent: TraceContext) throws {
    let span = tracer.begin("find shelf", below: parent)
    let isThere = ServiceContext.withValue(span.serviceContext) { isInStock(order) }
    span.end()
    if !isThere { throw OutOfStock() }
}

func isInStock(_ order: Order) -> Bool {
    withSpan("ask warehouse") { _ in !order.items.isEmpty }
}

/// Work that belongs to nobody's request.
func clean(_ tracer: WingbeatTracer) {
    let span = tracer.beginTrace("clean shelves")
    span.setStatus(.ok)
    span.end()
}

/// A state machine keeps its span while it works, and ends it once.
final class Download {
    private var span: OwnedSpan?

    func begin(_ path: String, _ tracer: WingbeatTracer) {
        let span = tracer.begin("download", kind: .client)
        span.set("url.path", path)
        self.span = consume span
    }

    func finish() {
        span.take()?.end()
    }
}
