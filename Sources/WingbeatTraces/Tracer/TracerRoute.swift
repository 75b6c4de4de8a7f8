// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatCells
import WingbeatModel

/// The parts of a tracer in use. Who begins or ends a span goes through it without a lock.
///
/// `@unchecked`, for its ``hot`` memory is written once, by the initializer.
final class TracerRoute: @unchecked Sendable {
    /// What every span needs, where reading it counts no references.
    struct Hot {
        let route: Unmanaged<TracerRoute>
        let counts: SpanCounts.Cells
        let pool: Unmanaged<SpanPool>
        let limits: SpanLimits
        /// Nobody wants the spans, so their memory need not go anywhere.
        let isDiscarding: Bool
        /// What our own samplers decide, where that needs nothing but the parent's decision.
        let known: KnownDecisions
    }

    let resource: Shared<Resource>
    let scope: Shared<InstrumentationScope>
    let propagators: Propagators
    let reporter: any SpanReporter
    let hot: UnsafeMutablePointer<Hot>
    let sampler: any Sampler
    private let counts: SpanCounts
    private let pool: SpanPool

    init(_ configuration: WingbeatTracer.Configuration, _ counts: SpanCounts, _ pool: SpanPool) {
        resource = Shared(configuration.resource)
        scope = Shared(configuration.scope)
        propagators = configuration.propagators
        reporter = configuration.reporter
        sampler = configuration.sampler
        self.counts = counts
        self.pool = pool
        hot = .allocate(capacity: 1)
        let hot = Hot(
            route: .passUnretained(self),
            counts: counts.cells,
            pool: .passUnretained(pool),
            limits: configuration.limits,
            isDiscarding: configuration.reporter is DiscardingSpanReporter,
            known: KnownDecisions(of: configuration.sampler)
        )
        self.hot.initialize(to: hot)
    }

    deinit {
        hot.deallocate()
    }

    fileprivate func ask(_ request: SamplingRequest) -> SamplingDecision {
        sampler.isSampled(request) ? .sampled : .notSampled
    }
}

extension UnsafeMutablePointer<TracerRoute.Hot> {
    /// The decision for a span below a parent, or for a root whose caller may have asked for one.
    @inline(__always)
    func decision(
        _ name: String,
        _ kind: SpanRecord.Kind,
        of traceID: TraceID,
        below parent: SpanParent?,
        requested: SamplingDecision?,
        context: () -> TraceContext?
    ) -> SamplingDecision {
        let isRoot = parent == nil
        switch parent?.sampling ?? requested ?? .deferred {
        case .debug: return .debug
        case .sampled where isRoot || pointee.known.whenSampled == .sampled: return .sampled
        case .notSampled where isRoot || pointee.known.whenNotSampled == .notSampled: return .notSampled
        default: break
        }
        if isRoot, let root = pointee.known.atRoot { return root }
        return ask(name, kind, of: traceID, below: context())
    }

    @inline(never)
    private func ask(
        _ name: String,
        _ kind: SpanRecord.Kind,
        of traceID: TraceID,
        below parent: TraceContext?
    ) -> SamplingDecision {
        pointee.route._withUnsafeGuaranteedRef {
            $0.ask(SamplingRequest(traceID: traceID, parent: parent, name: name, kind: kind))
        }
    }
}

/// Decisions that are known before a span begins; nil where the sampler must be asked.
struct KnownDecisions: Sendable {
    private(set) var atRoot: SamplingDecision?
    private(set) var whenSampled: SamplingDecision?
    private(set) var whenNotSampled: SamplingDecision?

    init(of sampler: any Sampler) {
        switch sampler {
        case is AlwaysSampler: (atRoot, whenSampled, whenNotSampled) = (.sampled, .sampled, .sampled)
        case is NeverSampler: (atRoot, whenSampled, whenNotSampled) = (.notSampled, .notSampled, .notSampled)
        case let sampler as ParentBasedSampler:
            atRoot = KnownDecisions(of: sampler.root).atRoot
            if [sampler.remoteSampled, sampler.localSampled].allSatisfy({ $0 is AlwaysSampler }) {
                whenSampled = .sampled
            }
            if [sampler.remoteNotSampled, sampler.localNotSampled].allSatisfy({ $0 is NeverSampler }) {
                whenNotSampled = .notSampled
            }
        default: break
        }
    }
}
