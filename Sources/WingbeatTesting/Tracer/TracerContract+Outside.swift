// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Tracing
import WingbeatModel

// How a span ended and when, and how others find it.
extension TracerContract {
    func verifyStatus() async throws {
        let plain = try await span { $0.operationName = "renamed" }
        try expect(plain.name, is: "renamed", "the name of a span that was renamed before its end")
        try expect(plain.status, is: .unset, "the status that nobody set")
        let last = try await span { span in
            span.setStatus(SpanStatus(code: .error, message: "empty"))
            span.setStatus(SpanStatus(code: .ok))
        }
        try expect(last.status, is: .ok, "the status that was set last")
        let failed = try await span { $0.setStatus(SpanStatus(code: .error, message: "empty")) }
        try expect(failed.status, is: .error("empty"), "an error status with its message")
        let kinds: [(SpanKind, SpanRecord.Kind?)] = [
            (.client, .client), (.server, .server), (.producer, .producer), (.consumer, .consumer), (.internal, nil),
        ]
        for (kind, expected) in kinds {
            let spans = try await spans { tracer.startSpan("work", context: .topLevel, ofKind: kind).end() }
            try expect(spans.first?.remoteKind, is: expected, "the kind of a span of kind \(kind)")
        }
    }

    func verifyTime() async throws {
        let chosen = try await spans {
            tracer.startSpan("work", context: .topLevel, at: ContractInstant(1_000_000_000))
                .end(at: ContractInstant(1_000_000_350))
            tracer.startSpan("work", context: .topLevel, at: ContractInstant(2_000)).end(at: ContractInstant(1_000))
        }
        try expect(chosen.map(\.startNanoseconds), is: [1_000_000_000, 2_000], "starts that the caller chose")
        try expect(chosen.first?.durationNanoseconds, is: 350, "the duration between two instants of the caller's")
        let negative = chosen.last?.durationNanoseconds ?? 0
        try expect(negative <= 1, "a span that ends before it begins to last at most 1 ns", negative)
        let short = try await span { _ in }
        try expect(short.durationNanoseconds >= 1, "a span that ends at once to last at least 1 ns", short)
        let long = try await span { _ in try await Task.sleep(for: .milliseconds(2)) }
        try expect(long.durationNanoseconds >= 1_000_000, "a span around a sleep of 2 ms to last 1 ms or more", long)
    }

    func verifyActive() async throws {
        try expect(tracer.activeSpan(identifiedBy: .topLevel) == nil, "no live span in an empty context", "one")
        let record = try await span { span in
            tracer.activeSpan(identifiedBy: span.context)?.attributes["found"] = "by its context"
            ServiceContext.withValue(span.context) {
                guard let current = ServiceContext.current else { return }
                tracer.activeSpan(identifiedBy: current)?.addEvent(SpanEvent(name: "found as the current one"))
            }
        }
        try expect(record[attribute: "found"] != nil, "the live span to be found from its context", record.attributes)
        try expect(record.events.count, is: 1, "the number of events of a span that was found as the current one")
    }

    func verifyPropagation() async throws {
        let spans = try await spans {
            let outer = tracer.startSpan("outer", context: .ofContract)
            let headers = headers(of: outer.context)
            try expect(!headers.isEmpty, "headers for the context of a span", headers)
            let context = context(of: headers, into: .ofContract)
            try expect(context[ContractKey.self], is: "kept", "a value of the application behind extract")
            tracer.startSpan("inner", context: context).end()
            outer.end()
        }
        let outer = try span(named: "outer", in: spans)
        try expectChild(try span(named: "inner", in: spans), of: outer, "a span in another process")
    }

    func verifyNonsense() async throws {
        let outer = tracer.startSpan("outer", context: .ofContract)
        defer { outer.end() }
        let headers = headers(of: outer.context)
        var broken = [[:], headers.mapValues { String($0.prefix($0.count / 2)) }]
        for value in ["", " ", "nonsense", "\0", "-", "\u{1F426}", String(repeating: "0", count: 100_000)] {
            broken.append(headers.mapValues { _ in value })
        }
        for headers in broken {
            let spans = try await spans {
                let context = context(of: headers, into: outer.context)
                try expect(
                    context[ContractKey.self],
                    is: "kept",
                    "a value of the application behind extract of \(headers)"
                )
                tracer.startSpan("inner", context: context).end()
                tracer.startSpan("direct", context: outer.context).end()
                tracer.startSpan("root", context: self.context(of: headers, into: .topLevel)).end()
            }
            let direct = try span(named: "direct", in: spans)
            let inner = try span(named: "inner", in: spans)
            try expect(inner.parentID, is: direct.parentID, "the parent of a span behind extract of \(headers)")
            try expect(inner.traceID, is: direct.traceID, "the trace of a span behind extract of \(headers)")
            let root = try span(named: "root", in: spans)
            try expect(root.parentID, is: nil, "the parent of a span that came with \(headers)")
        }
    }

    func headers(of context: ServiceContext) -> [String: String] {
        var headers: [String: String] = [:]
        tracer.inject(context, into: &headers, using: HeaderCarrier())
        return headers
    }

    private func context(of headers: [String: String], into context: ServiceContext) -> ServiceContext {
        var context = context
        tracer.extract(headers, into: &context, using: HeaderCarrier())
        return context
    }
}

/// Headers as a dictionary.
private struct HeaderCarrier: Injector, Extractor {
    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }

    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
}
