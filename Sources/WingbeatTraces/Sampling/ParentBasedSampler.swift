// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Follows the decision of the caller; asks another sampler where there is none.
public struct ParentBasedSampler: Sampler {
    let root: any Sampler
    let remoteSampled: any Sampler
    let remoteNotSampled: any Sampler
    let localSampled: any Sampler
    let localNotSampled: any Sampler

    /// - Parameters:
    ///   - root: asked at the root of a trace and where the caller deferred the decision.
    ///   - remoteSampled: asked where the caller, another process, records the trace.
    ///   - remoteNotSampled: asked where the caller, another process, does not record it.
    ///   - localSampled: asked below a span of this process that is recorded.
    ///   - localNotSampled: asked below a span of this process that is not recorded.
    public init(
        root: any Sampler = AlwaysSampler(),
        remoteSampled: any Sampler = AlwaysSampler(),
        remoteNotSampled: any Sampler = NeverSampler(),
        localSampled: any Sampler = AlwaysSampler(),
        localNotSampled: any Sampler = NeverSampler()
    ) {
        self.root = root
        self.remoteSampled = remoteSampled
        self.remoteNotSampled = remoteNotSampled
        self.localSampled = localSampled
        self.localNotSampled = localNotSampled
    }

    /// The caller's decision as one of the samplers takes it; true below a trace with the debug flag.
    public func isSampled(_ request: SamplingRequest) -> Bool {
        let isRemote = request.parent?.isRemote == true
        return switch request.parent?.sampling {
        case nil, .deferred: root.isSampled(request)
        case .debug: true
        case .sampled: isRemote ? remoteSampled.isSampled(request) : localSampled.isSampled(request)
        case .notSampled: isRemote ? remoteNotSampled.isSampled(request) : localNotSampled.isSampled(request)
        }
    }

    /// The first sampler whose ratio can be changed, the root first.
    public var adjustable: AdjustableSampler? {
        [root, remoteSampled, remoteNotSampled, localSampled, localNotSampled].lazy.compactMap(\.adjustable).first
    }
}
