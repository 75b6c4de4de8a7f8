// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatMetrics

/// A tap that is attached to a registry once at a time.
final class TapAttachment: Sendable {
    private let tap: ObservationTap
    private let registry: MetricRegistry
    private let isAttached = Mutex(false)

    init(_ tap: ObservationTap, _ registry: MetricRegistry) {
        self.tap = tap
        self.registry = registry
    }

    /// Attaches the tap, if it is not.
    func begin() {
        isAttached.withLock { isAttached in
            if !isAttached { registry.attach(tap) }
            isAttached = true
        }
    }

    /// Detaches the tap.
    func end() {
        isAttached.withLock { isAttached in
            registry.detach(tap)
            isAttached = false
        }
    }
}
