// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Wingbeat

/// Which formats the service understands, and which it speaks.
func chooseFormats(_ configuration: inout TelemetryConfiguration) {
    configuration.propagators.inject = [W3CTraceContextPropagator(), B3MultiPropagator(), W3CBaggagePropagator()]
}

/// Baggage for everything that is called inside.
func withTenant(_ work: () -> Void) {
    var context = ServiceContext.current ?? .topLevel
    context.baggage["tenant"] = "acme, inc"
    context.baggage.update(Baggage.Member("plan", "pro", properties: [Baggage.Property("ttl", "30")]))
    ServiceContext.withValue(context, operation: work)
}

/// Headers for a protocol that no library instruments.
func passOn(_ tracer: WingbeatTracer) {
    withSpan("send order", ofKind: .producer) { span in
        var headers: [String: String] = [:]
        tracer.inject(span.context, into: &headers, using: DictionaryInjector())
        print(headers["baggage"] ?? "", span.context.baggage["tenant"] ?? "")
    }
}

/// A message's properties, as a list of pairs.
func answerMessage(_ tracer: WingbeatTracer, headers: [(name: String, value: String)]) {
    var context = ServiceContext.topLevel
    let extractor = PairListExtractor<[(name: String, value: String)]> { ($0.name, $0.value) }
    tracer.extract(headers, into: &context, using: extractor)
    withSpan("receive order", context: context, ofKind: .consumer) { span in
        print(span.context.traceContext?.traceID.hex ?? "")
    }
}
