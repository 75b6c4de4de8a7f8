// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
public import WingbeatLogs
import WingbeatModel
public import WingbeatTraces

/// Writes a line for each span when it ends, for people at a terminal:
///
/// ```
/// 03:04:05.123 INFO  checkout: GET /orders/{id}   trace_id=… span_id=… parent_id=… kind=server ms=12.5 http.status_code=200
/// ```
///
/// A span that failed is written with the level `error`. The line is one line, whatever is in the span: control
/// characters are escaped, as in logs.
public struct ConsoleSpanReporter: SpanReporter {
    private let pipeline: LogPipeline

    /// A reporter that writes to standard error through a buffer, or elsewhere in another format.
    public init(encoder: any LogEncoder = ConsoleEncoder(), sink: any LogSink = BufferedSink.standardError) {
        pipeline = LogPipeline(LogConfiguration(encoder: encoder, sink: sink))
    }

    /// Writes the span.
    public func report(_ span: FinishedSpan) {
        let record = span.record
        let ids = TraceContext(traceID: record.traceID, spanID: record.id, sampling: .sampled)
        let line = LogRecord(
            nanoseconds: record.startNanoseconds.addingReportingOverflow(record.durationNanoseconds).partialValue,
            level: record.isError ? .error : .info,
            label: record.serviceName ?? "span",
            message: record.name,
            span: LogSpan(ids)
        )
        pipeline.write(line) { $0.append(record.pairs) }
    }
}

extension SpanRecord {
    /// What a line says behind the name and the ids.
    fileprivate var pairs: [(key: String, value: LogValue)] {
        var pairs: [(key: String, value: LogValue)] = []
        if let parentID { pairs.append(("parent_id", .text(parentID.hex))) }
        if let kind { pairs.append(("kind", .text("\(kind)"))) }
        pairs.append(("ms", .double(Double(durationNanoseconds / 1000) / 1000)))
        if case .error(let reason) = status { pairs.append(("status", .text(reason.isEmpty ? "error" : reason))) }
        for attribute in attributes { pairs.append((attribute.key, LogValue(attribute.value))) }
        for event in events { pairs.append(("event", .text(event.line(after: startNanoseconds)))) }
        for link in links { pairs.append(("link", .text("\(link.traceID.hex32)/\(link.spanID.hex)"))) }
        return pairs
    }
}

extension SpanRecord.Event {
    /// Its name, when it happened since the start of the span, and its details.
    fileprivate func line(after start: UInt64) -> String {
        let micros = nanoseconds >= start ? (nanoseconds - start) / 1000 : 0
        let details = attributes.map { " \($0.key)=\($0.value)" }.joined()
        return "\(name) +\(Double(micros) / 1000)ms\(details)"
    }
}

extension LogValue {
    fileprivate init(_ value: AttributeValue) {
        switch value {
        case .string(let text): self = .text(text)
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .integer(value)
        case .double(let value): self = .double(value)
        case .empty: self = .null
        case .bytes, .array, .map: self = .text(value.description)
        }
    }
}
