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
        guard context.traceContext == nil else { return }
        switch header("b3")?.firstValue(Self.parse) {
        case .trace(let trace): context.traceContext = trace
        case .decision(let decision): context.requestedSampling = decision
        case nil: break
        }
    }

    /// Writes `b3`: without a trace only the decision, when one came in. The parent is left out where the decision is deferred, for the format has no place for it then.
    public func inject(_ context: ServiceContext, set: (_ name: String, _ value: String) -> Void) {
        guard let trace = context.traceContext else {
            if let decision = Self.letter(of: context.requestedSampling ?? .deferred) { set("b3", String(decision)) }
            return
        }
        let value = String(headerOf: 68) { header in
            header.put(b3: trace.traceID)
            header.put("-")
            header.put(hex: trace.spanID.value)
            guard let decision = Self.letter(of: trace.sampling) else { return }
            header.put("-")
            header.put(decision)
            guard let parent = trace.parentID else { return }
            header.put("-")
            header.put(hex: parent.value)
        }
        set("b3", value)
    }

    private enum Content {
        case trace(TraceContext)
        case decision(SamplingDecision)
    }

    private static func parse(_ bytes: HeaderBytes) -> Content? {
        guard bytes.count > 1 else { return decision(bytes, at: 0).map(Content.decision) }
        let digits = bytes.hasByte("-", at: 16) ? 16 : 32
        guard bytes.hasByte("-", at: digits), let traceID = bytes.b3TraceID(digits: digits) else { return nil }
        guard let spanID = bytes.b3SpanID(at: digits + 1) else { return nil }
        var trace = TraceContext(traceID: traceID, spanID: spanID, sampling: .deferred, isRemote: true)
        let end = digits + 17
        guard bytes.count > end else { return .trace(trace) }
        guard bytes.hasByte("-", at: end), let decision = decision(bytes, at: end + 1) else { return nil }
        trace.sampling = decision
        guard bytes.count > end + 2 else { return .trace(trace) }
        let parent = HeaderBytes(rebasing: bytes[(end + 2)...])
        guard parent.hasByte("-", at: 0), !parent.dropFirst().contains(UInt8(ascii: "-")) else { return nil }
        if parent.count == 17 { trace.parentID = parent.b3SpanID(at: 1) }
        return .trace(trace)
    }

    private static func decision(_ bytes: HeaderBytes, at index: Int) -> SamplingDecision? {
        guard index < bytes.count else { return nil }
        return switch bytes[index] {
        case UInt8(ascii: "0"): .notSampled
        case UInt8(ascii: "1"): .sampled
        case UInt8(ascii: "d"): .debug
        default: nil
        }
    }

    private static func letter(of decision: SamplingDecision) -> Unicode.Scalar? {
        switch decision {
        case .deferred: nil
        case .notSampled: "0"
        case .sampled: "1"
        case .debug: "d"
        }
    }
}

extension HeaderWriter {
    /// A trace id in Zipkin's normal form: 16 digits when the left half is zero.
    mutating func put(b3 id: TraceID) {
        if id.high != 0 { put(hex: id.high) }
        put(hex: id.low)
    }
}

extension HeaderBytes {
    /// A trace id at the beginning; B3's have 16 or 32 digits.
    func b3TraceID(digits: Int) -> TraceID? {
        guard digits == 16 || digits == 32, let high = digits == 16 ? 0 : hex(at: 0, upperCase: true) else {
            return nil
        }
        return hex(at: digits - 16, upperCase: true).flatMap { TraceID(high: high, low: $0) }
    }

    func b3SpanID(at start: Int) -> SpanID? {
        hex(at: start, upperCase: true).flatMap { SpanID($0) }
    }
}
