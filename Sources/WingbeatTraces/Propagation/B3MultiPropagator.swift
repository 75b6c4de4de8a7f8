// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Instrumentation
import WingbeatModel

/// B3 in several headers: `X-B3-TraceId`, `X-B3-SpanId`, `X-B3-ParentSpanId`, `X-B3-Sampled`, `X-B3-Flags`.
///
/// Source: openzipkin/b3-propagation.
public struct B3MultiPropagator: Propagator {
    /// The format has no settings.
    public init() {}

    /// Reads the headers, also where the carrier only knows them in lower case (gRPC). `true` and `false` are
    /// understood beside `1` and `0`, as old libraries wrote them.
    public func extract(_ header: (String) -> String?, into context: inout ServiceContext) {
        guard context.traceContext == nil else { return }
        let decision = decision(header)
        guard
            let traceID = Name.traceID.read(header, { $0.b3TraceID(digits: $0.count) }),
            let spanID = Name.spanID.read(header, readSpanID)
        else {
            if decision != .deferred { context.requestedSampling = decision }
            return
        }
        context.traceContext = TraceContext(
            traceID: traceID,
            spanID: spanID,
            parentID: Name.parentID.read(header, readSpanID),
            sampling: decision,
            isRemote: true
        )
    }

    /// Writes the headers: without a trace only the decision, when one came in. A deferred decision is said by leaving `X-B3-Sampled` out, debug by `X-B3-Flags: 1`.
    public func inject(_ context: ServiceContext, set: (_ name: String, _ value: String) -> Void) {
        write(context.traceContext?.sampling ?? context.requestedSampling ?? .deferred, set)
        guard let trace = context.traceContext else { return }
        set(Name.traceID.text, String(headerOf: 32) { $0.put(b3: trace.traceID) })
        set(Name.spanID.text, trace.spanID.hex)
        if let parent = trace.parentID { set(Name.parentID.text, parent.hex) }
    }

    private func write(_ decision: SamplingDecision, _ set: (_ name: String, _ value: String) -> Void) {
        switch decision {
        case .deferred: break
        case .notSampled: set(Name.sampled.text, "0")
        case .sampled: set(Name.sampled.text, "1")
        case .debug: set(Name.flags.text, "1")
        }
    }

    private func decision(_ header: (String) -> String?) -> SamplingDecision {
        let isDebug: Void? = Name.flags.read(header) { $0.count == 1 && $0.hasByte("1", at: 0) ? () : nil }
        guard isDebug == nil else { return .debug }
        return Name.sampled.read(header, readDecision) ?? .deferred
    }

    private func readDecision(_ bytes: HeaderBytes) -> SamplingDecision? {
        if bytes.isSame("1") || bytes.isSame("true") { return .sampled }
        return bytes.isSame("0") || bytes.isSame("false") ? .notSampled : nil
    }

    private func readSpanID(_ bytes: HeaderBytes) -> SpanID? {
        bytes.count == 16 ? bytes.b3SpanID(at: 0) : nil
    }
}

/// A header's name as the specification writes it, and as HTTP/2 does.
private struct Name {
    static let traceID = Name(text: "X-B3-TraceId", lowerCase: "x-b3-traceid")
    static let spanID = Name(text: "X-B3-SpanId", lowerCase: "x-b3-spanid")
    static let parentID = Name(text: "X-B3-ParentSpanId", lowerCase: "x-b3-parentspanid")
    static let sampled = Name(text: "X-B3-Sampled", lowerCase: "x-b3-sampled")
    static let flags = Name(text: "X-B3-Flags", lowerCase: "x-b3-flags")

    let text: String
    let lowerCase: String

    func read<Value>(_ header: (String) -> String?, _ parse: (HeaderBytes) -> Value?) -> Value? {
        (header(text) ?? header(lowerCase))?.firstValue(parse)
    }
}

extension HeaderBytes {
    /// Equal to an ASCII word in lower case, whatever the case of the bytes.
    fileprivate func isSame(_ word: StaticString) -> Bool {
        let word = HeaderBytes(start: word.utf8Start, count: word.utf8CodeUnitCount)
        return count == word.count && zip(self, word).allSatisfy { $0 >= 0x30 && $0 | 0x20 == $1 }
    }
}
