// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Instrumentation
import WingbeatModel

/// W3C Trace Context, level 1: the headers `traceparent` and `tracestate`.
public struct W3CTraceContextPropagator: Propagator {
    /// The format has no settings.
    public init() {}

    /// Reads `traceparent`; `tracestate` is carried along as it came.
    public func extract(_ header: (String) -> String?, into context: inout ServiceContext) {
        guard let values = header("traceparent").map({ commaSeparated($0) }) else { return }
        guard var parent = values.lazy.compactMap(Self.parse).first else { return }
        parent.traceState = header("tracestate") ?? ""
        context.traceContext = parent
    }

    /// Writes `traceparent`, and `tracestate` when there is any. A deferred decision is written as not sampled, for
    /// the format cannot say it.
    public func inject(_ context: ServiceContext, set: (_ name: String, _ value: String) -> Void) {
        guard let trace = context.traceContext else { return }
        let flags = trace.sampling.isSampled ? "01" : "00"
        set("traceparent", "00-\(trace.traceID.hex32)-\(trace.spanID.hex)-\(flags)")
        if !trace.traceState.isEmpty { set("tracestate", trace.traceState) }
    }

    /// `version-traceid-parentid-flags`, in lower case; a version above 00 may have more behind its flags.
    private static func parse(_ value: Substring) -> TraceContext? {
        let parts = value.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, value.utf8.allSatisfy({ !(0x41...0x5A).contains($0) }) else { return nil }
        let version = parts[0]
        guard version != "ff", byte(version) != nil else { return nil }
        guard version != "00" || parts.count == 4 else { return nil }
        guard parts[1].utf8.count == 32, let traceID = TraceID(hex: parts[1]) else { return nil }
        guard parts[2].utf8.count == 16, let spanID = SpanID(hex: parts[2]) else { return nil }
        guard let flags = byte(parts[3]) else { return nil }
        return TraceContext(
            traceID: traceID,
            spanID: spanID,
            sampling: flags & 1 == 1 ? .sampled : .notSampled,
            isRemote: true
        )
    }

    /// Two hexadecimal digits.
    private static func byte(_ digits: Substring) -> UInt8? {
        digits.utf8.count == 2 && digits.allSatisfy(\.isHexDigit) ? UInt8(digits, radix: 16) : nil
    }
}

/// W3C baggage, carried from the request that came in to the requests that go out, unread.
public struct W3CBaggagePropagator: Propagator {
    /// The longest header that is carried, in bytes: what the specification asks every platform to carry.
    public static let limit = 8192

    /// The format has no settings.
    public init() {}

    /// Keeps the header `baggage`, unless it is longer than ``limit``.
    public func extract(_ header: (String) -> String?, into context: inout ServiceContext) {
        guard let value = header("baggage"), !value.isEmpty, value.utf8.count <= Self.limit else { return }
        context[BaggageKey.self] = value
    }

    /// Writes the header that was kept.
    public func inject(_ context: ServiceContext, set: (_ name: String, _ value: String) -> Void) {
        if let value = context[BaggageKey.self] { set("baggage", value) }
    }
}

private enum BaggageKey: ServiceContextKey {
    typealias Value = String
    static var nameOverride: String? { "wingbeat.baggage" }
}
