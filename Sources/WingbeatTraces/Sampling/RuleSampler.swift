// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// Asks the sampler of the first rule that a span matches.
///
/// ```swift
/// let sampler = RuleSampler(
///     [
///         SamplingRule("GET /health*", NeverSampler()),
///         SamplingRule("POST /pay", AlwaysSampler()),
///     ],
///     otherwise: RatioSampler(0.1)
/// )
/// ```
///
/// It looks at single spans. Inside a ``ParentBasedSampler`` it is asked at the root, and the trace follows.
public struct RuleSampler: Sampler {
    private let rules: [SamplingRule]
    private let otherwise: any Sampler

    /// - Parameters:
    ///   - rules: tried in this order.
    ///   - otherwise: asked where none matches.
    public init(_ rules: [SamplingRule], otherwise: any Sampler) {
        self.rules = rules
        self.otherwise = otherwise
    }

    /// What the sampler of the first matching rule says.
    public func isSampled(_ request: SamplingRequest) -> Bool {
        for rule in rules where rule.matches(request) { return rule.sampler.isSampled(request) }
        return otherwise.isSampled(request)
    }

    /// The first sampler whose ratio can be changed, the last resort first.
    public var adjustable: AdjustableSampler? {
        otherwise.adjustable ?? rules.lazy.compactMap(\.sampler.adjustable).first
    }
}

/// Which spans a sampler is asked for.
public struct SamplingRule: Sendable {
    fileprivate let sampler: any Sampler
    private let name: NamePattern
    private let kind: SpanRecord.Kind?

    /// - Parameters:
    ///   - name: the name with which spans begin; `*` stands for any text, also none. Case matters.
    ///   - kind: the role of the spans; nil for all.
    ///   - sampler: decides about the spans that match.
    public init(_ name: String = "*", kind: SpanRecord.Kind? = nil, _ sampler: any Sampler) {
        self.name = NamePattern(name)
        self.kind = kind
        self.sampler = sampler
    }

    fileprivate func matches(_ request: SamplingRequest) -> Bool {
        (kind == nil || kind == request.kind) && name.matches(request.name)
    }
}
