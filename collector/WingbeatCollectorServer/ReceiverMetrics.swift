// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatMetrics

/// What was received, in the terms of Zipkin's collector: `spans = stored + dropped`, and each message that could not
/// be read or stored is a dropped one.
struct ReceiverMetrics: Sendable {
    let messages: CounterSeries
    let messagesDropped: CounterSeries
    let bytes: CounterSeries
    let spans: CounterSeries
    let spansDropped: CounterSeries

    init(_ registry: MetricRegistry) {
        func counter(_ name: String, _ help: String) -> CounterSeries {
            registry.counter("zipkin.collector.\(name)", help: help, labels: ["transport"])["http"]
        }
        messages = counter("messages", "Posts of spans that arrived.")
        messagesDropped = counter("messages_dropped", "Posts that were refused: malformed, too large, or not stored.")
        bytes = counter("bytes", "Bytes of the posts, inflated.")
        spans = counter("spans", "Spans that were read from posts.")
        spansDropped = counter("spans_dropped", "Spans that were read but could not be stored.")
    }
}
