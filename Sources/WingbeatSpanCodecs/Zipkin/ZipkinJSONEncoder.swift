// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
public import WingbeatModel

/// Writes Zipkin v2 JSON, byte for byte as Zipkin's own writer does: no white space, fields in its order, tags by
/// key, annotations by time, names in lower case, times in microseconds.
///
/// What Zipkin has no field for is said as OpenTelemetry's specification for Zipkin exporters has it: the status as
/// `otel.status_code` and `error`, other attributes of the resource as tags, the library as `otel.scope.name` and
/// `otel.scope.version`, what was left out as `otel.dropped_attributes_count` and the like, an event's attributes as
/// JSON behind its name. Links, trace state and flags are lost.
public enum ZipkinJSONEncoder {
    /// A list of spans.
    public static func encode(_ spans: some Sequence<SpanRecord>) -> [UInt8] {
        var writer = ZipkinJSONWriter(expectedSpans: spans.underestimatedCount)
        writer.append(spans)
        return writer.bytes
    }

    /// A list of lists of spans: the answer to a search for traces.
    public static func encode(traces: some Sequence<[SpanRecord]>) -> [UInt8] {
        var writer = ZipkinJSONWriter(expectedSpans: traces.underestimatedCount)
        writer.append(traces: traces)
        return writer.bytes
    }
}
