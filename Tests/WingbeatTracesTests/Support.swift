// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Tracing
import WingbeatModel
import WingbeatTraces

/// Headers as a dictionary whose keys are found as they are written.
struct HeaderExtractor: Extractor {
    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
}

/// Writes headers into a dictionary.
struct HeaderInjector: Injector {
    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
}

/// A moment of the test's choice.
struct Moment: TracerInstant {
    let nanosecondsSinceEpoch: UInt64

    init(_ nanoseconds: UInt64) {
        nanosecondsSinceEpoch = nanoseconds
    }

    static func < (left: Moment, right: Moment) -> Bool { left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch }
}

/// Something of the application that travels in the context beside the trace.
enum TenantKey: ServiceContextKey {
    typealias Value = String
}

/// Keeps or drops spans by their name.
struct NameSampler: Sampler {
    let dropped: Set<String>

    func isSampled(_ request: SamplingRequest) -> Bool { !dropped.contains(request.name) }
}

struct TestError: Error, CustomStringConvertible {
    var description: String { "the cup is empty" }
}

/// A tracer whose spans can be read.
struct TracerUnderTest {
    let reporter = InMemorySpanReporter()
    let tracer: WingbeatTracer

    init(
        sampler: any Sampler = ParentBasedSampler(),
        propagators: Propagators = .standard,
        limits: SpanLimits = SpanLimits()
    ) {
        var configuration = WingbeatTracer.Configuration(
            resource: Resource(serviceName: "shop", attributes: [Attribute("service.version", "1")]),
            sampler: sampler,
            propagators: propagators,
            reporter: reporter
        )
        configuration.limits = limits
        tracer = WingbeatTracer(configuration)
    }

    var spans: [SpanRecord] { reporter.spans }

    func start(_ name: String, in context: ServiceContext = .topLevel, at moment: Moment? = nil) -> WingbeatSpan {
        if let moment { return tracer.startSpan(name, context: context, ofKind: .internal, at: moment) }
        return tracer.startSpan(name, context: context, ofKind: .internal)
    }

    /// The context that the tracer reads from headers.
    func extract(_ headers: [String: String], into context: ServiceContext = .topLevel) -> ServiceContext {
        var context = context
        tracer.extract(headers, into: &context, using: HeaderExtractor())
        return context
    }

    /// The headers that the tracer writes for a context.
    func inject(_ context: ServiceContext) -> [String: String] {
        var headers: [String: String] = [:]
        tracer.inject(context, into: &headers, using: HeaderInjector())
        return headers
    }
}

/// A context as it comes in a header, with the ids that the tests use.
func remoteContext(_ sampling: SamplingDecision, trace: String = longTrace, parent: String? = nil) -> TraceContext? {
    guard let traceID = TraceID(hex: trace), let spanID = SpanID(hex: spanHex) else { return nil }
    return TraceContext(
        traceID: traceID,
        spanID: spanID,
        parentID: parent.flatMap { SpanID(hex: $0) },
        sampling: sampling,
        isRemote: true
    )
}

let longTrace = "463ac35c9f6413ad48485a3953bb6124"
let shortTrace = "48485a3953bb6124"
let spanHex = "a2fb4a1d1a96d312"
let parentHex = "0020000000000001"

/// Keeps finished spans themselves until they are taken.
final class KeepingReporter: SpanReporter {
    private let spans = Mutex<[FinishedSpan]>([])

    func report(_ span: FinishedSpan) { spans.withLock { $0.append(span) } }

    func take() -> [FinishedSpan] {
        spans.withLock { spans in
            defer { spans = [] }
            return spans
        }
    }
}

extension WingbeatTracer {
    init(_ reporter: any SpanReporter, named name: String = "shop") {
        self.init(Configuration(resource: Resource(serviceName: name), reporter: reporter))
    }
}
