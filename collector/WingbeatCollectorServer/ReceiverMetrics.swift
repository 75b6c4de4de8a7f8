// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatMetrics
import WingbeatModel

/// What was received, in the terms of Zipkin's collector: `spans = stored + dropped`, and each message that could not
/// be read or stored is a dropped one.
struct ReceiverMetrics: Sendable {
    let messages: CounterSeries
    let messagesDropped: CounterSeries
    let bytes: CounterSeries
    let spans: CounterSeries
    let spansDropped: CounterSeries

    /// - Parameter transport: `http` or `grpc`.
    init(_ registry: MetricRegistry, transport: String = "http") {
        func counter(_ name: String, _ help: String) -> CounterSeries {
            registry.counter("zipkin.collector.\(name)", help: help, labels: ["transport"])[transport]
        }
        messages = counter("messages", "Posts of spans that arrived.")
        messagesDropped = counter("messages_dropped", "Posts that were refused: malformed, too large, or not stored.")
        bytes = counter("bytes", "Bytes of the posts, inflated.")
        spans = counter("spans", "Spans that were read from posts.")
        spansDropped = counter("spans_dropped", "Spans that were read but could not be stored.")
    }

    /// Counts a message that was refused before it could be read.
    func refuseMessage() {
        messages.increment()
        messagesDropped.increment()
    }

    /// Counts a message, and whether it was taken.
    func countingMessage<Answer>(of bytes: Int, _ body: () async throws -> Answer) async throws -> Answer {
        messages.increment()
        self.bytes.increment(by: Int64(bytes))
        do {
            return try await body()
        } catch {
            messagesDropped.increment()
            throw error
        }
    }

    /// Gives spans to the intake, and counts them.
    ///
    /// - Parameter rejected: how many more were read that are none.
    func store(_ spans: [SpanRecord], rejected: Int = 0, in intake: SpanIntake) async throws {
        self.spans.increment(by: Int64(spans.count + rejected))
        spansDropped.increment(by: Int64(rejected))
        intake.reject(rejected)
        do {
            try await intake.accept(spans)
        } catch {
            spansDropped.increment(by: Int64(spans.count))
            throw error
        }
    }
}
