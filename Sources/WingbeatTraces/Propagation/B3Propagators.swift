// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Instrumentation
import WingbeatModel

/// B3 in one header: `b3: {trace id}-{span id}-{0, 1 or d}-{parent span id}`, the last two optional; or only the
/// decision.
///
/// Source: openzipkin/b3-propagation.
public struct B3SinglePropagator: Propagator {
    /// The format has no settings.
    public init() {}

    /// Reads `b3`.
    public func extract(_ header: (String) -> String?, into context: inout ServiceContext) {
        for value in header("b3").map({ commaSeparated($0) }) ?? [] {
            if let decision = decision(of: value) {
                context.requestedSampling = decision
                return
            }
            if let trace = parse(value) {
                context.traceContext = trace
                return
            }
        }
    }

    /// Writes `b3`.
    public func inject(_ context: ServiceContext, set: (_ name: String, _ value: String) -> Void) {
        guard let trace = context.traceContext else { return }
        var value = "\(trace.traceID.hex)-\(trace.spanID.hex)"
        switch trace.sampling {
        case .deferred: break
        case .notSampled: value += "-0"
        case .sampled: value += "-1"
        case .debug: value += "-d"
        }
        if let parent = trace.parentID, trace.sampling != .deferred { value += "-\(parent.hex)" }
        set("b3", value)
    }

    private func parse(_ value: Substring) -> TraceContext? {
        let parts = value.split(separator: "-", omittingEmptySubsequences: false)
        guard (2...4).contains(parts.count) else { return nil }
        guard let traceID = b3TraceID(parts[0]), let spanID = b3SpanID(parts[1]) else { return nil }
        var trace = TraceContext(traceID: traceID, spanID: spanID, sampling: .deferred, isRemote: true)
        if parts.count > 2 {
            guard let decision = decision(of: parts[2]) else { return nil }
            trace.sampling = decision
        }
        if parts.count > 3 { trace.parentID = b3SpanID(parts[3]) }
        return trace
    }

    private func decision(of text: Substring) -> SamplingDecision? {
        switch text {
        case "0": .notSampled
        case "1": .sampled
        case "d": .debug
        default: nil
        }
    }
}

/// B3 in several headers: `X-B3-TraceId`, `X-B3-SpanId`, `X-B3-ParentSpanId`, `X-B3-Sampled`, `X-B3-Flags`.
///
/// Source: openzipkin/b3-propagation.
public struct B3MultiPropagator: Propagator {
    /// The format has no settings.
    public init() {}

    /// Reads the headers; `true` and `false` are understood beside `1` and `0`, as old libraries wrote them.
    public func extract(_ header: (String) -> String?, into context: inout ServiceContext) {
        let decision = decision(header)
        guard
            let traceID = first("X-B3-TraceId", header, b3TraceID),
            let spanID = first("X-B3-SpanId", header, b3SpanID)
        else {
            if decision != .deferred { context.requestedSampling = decision }
            return
        }
        context.traceContext = TraceContext(
            traceID: traceID,
            spanID: spanID,
            parentID: first("X-B3-ParentSpanId", header, b3SpanID),
            sampling: decision,
            isRemote: true
        )
    }

    /// Writes the headers; a deferred decision is said by leaving `X-B3-Sampled` out, debug by `X-B3-Flags: 1`.
    public func inject(_ context: ServiceContext, set: (_ name: String, _ value: String) -> Void) {
        guard let trace = context.traceContext else { return }
        set("X-B3-TraceId", trace.traceID.hex)
        set("X-B3-SpanId", trace.spanID.hex)
        if let parent = trace.parentID { set("X-B3-ParentSpanId", parent.hex) }
        switch trace.sampling {
        case .deferred: break
        case .notSampled: set("X-B3-Sampled", "0")
        case .sampled: set("X-B3-Sampled", "1")
        case .debug: set("X-B3-Flags", "1")
        }
    }

    private func decision(_ header: (String) -> String?) -> SamplingDecision {
        if first("X-B3-Flags", header, { $0 == "1" ? true : nil }) == true { return .debug }
        return first("X-B3-Sampled", header) { text in
            switch text.lowercased() {
            case "1", "true": .sampled
            case "0", "false": .notSampled
            default: nil
            }
        } ?? .deferred
    }

    /// The first well-formed value of a header, also where the carrier only knows the name in lower case.
    private func first<Value>(
        _ name: String,
        _ header: (String) -> String?,
        _ parse: (Substring) -> Value?
    ) -> Value? {
        (header(name) ?? header(name.lowercased())).map({ commaSeparated($0) })?.lazy.compactMap(parse).first
    }
}

/// B3 trace ids have 16 or 32 digits.
private func b3TraceID(_ text: Substring) -> TraceID? {
    [16, 32].contains(text.utf8.count) ? TraceID(hex: text) : nil
}

/// B3 span ids have 16 digits.
private func b3SpanID(_ text: Substring) -> SpanID? {
    text.utf8.count == 16 ? SpanID(hex: text) : nil
}
