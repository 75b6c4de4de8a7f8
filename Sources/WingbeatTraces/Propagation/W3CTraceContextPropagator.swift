// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Instrumentation
import WingbeatModel

/// W3C Trace Context: the headers `traceparent` and `tracestate`.
///
/// Of level 2's flags "random" is understood: it goes out where it came in. Traces that begin here do not set it, although
/// their ids are random, for old receivers refuse traces with it (OpenTelemetry Go 1.1).
///
/// Source: w3.org/TR/trace-context-2.
public struct W3CTraceContextPropagator: Propagator {
    /// The format has no settings.
    public init() {}

    /// Reads `traceparent`. A `tracestate` is carried along as it came; one that is malformed, or has more than 32
    /// members, is left out, as the specification says.
    public func extract(_ header: (String) -> String?, into context: inout ServiceContext) {
        guard context.traceContext == nil, var trace = header("traceparent")?.firstValue(Self.parse) else { return }
        if let state = header("tracestate"), isTraceState(state) { trace.traceState = state }
        context.traceContext = trace
    }

    /// Writes `traceparent`, and `tracestate` when there is any. A deferred decision is written as not sampled, and
    /// debug as sampled, for the format cannot say them.
    public func inject(_ context: ServiceContext, set: (_ name: String, _ value: String) -> Void) {
        guard let trace = context.traceContext else { return }
        let parent = String(headerOf: 55) { header in
            header.put("0")
            header.put("0")
            header.put("-")
            header.put(hex: trace.traceID.high)
            header.put(hex: trace.traceID.low)
            header.put("-")
            header.put(hex: trace.spanID.value)
            header.put("-")
            header.put("0")
            header.put(digit: Flags.of(trace))
        }
        set("traceparent", parent)
        if !trace.traceState.isEmpty { set("tracestate", trace.traceState) }
    }

    /// `version-traceid-parentid-flags`, in lower case; a version above 00 may have more behind its flags.
    private static func parse(_ bytes: HeaderBytes) -> TraceContext? {
        guard bytes.hasByte("-", at: 2), bytes.hasByte("-", at: 35), bytes.hasByte("-", at: 52) else { return nil }
        guard let version = bytes.hex(at: 0, digits: 2), version != 0xFF else { return nil }
        guard bytes.count == 55 || version > 0 && bytes.hasByte("-", at: 55) else { return nil }
        guard let high = bytes.hex(at: 3), let low = bytes.hex(at: 19), let span = bytes.hex(at: 36) else { return nil }
        guard let traceID = TraceID(high: high, low: low), let spanID = SpanID(span) else { return nil }
        guard let flags = bytes.hex(at: 53, digits: 2) else { return nil }
        var trace = TraceContext(traceID: traceID, spanID: spanID, sampling: .notSampled, isRemote: true)
        if flags & Flags.sampled != 0 { trace.sampling = .sampled }
        trace.hasRandomTraceID = flags & Flags.random != 0
        return trace
    }
}

private enum Flags {
    static let sampled: UInt64 = 1
    static let random: UInt64 = 2

    static func of(_ trace: TraceContext) -> UInt64 {
        (trace.sampling.isSampled ? sampled : 0) | (trace.hasRandomTraceID ? random : 0)
    }
}
