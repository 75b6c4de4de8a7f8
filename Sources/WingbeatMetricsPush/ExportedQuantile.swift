// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// The quantiles that are written of a histogram where a backend cannot compute its own, the same as Go kit's.
package enum ExportedQuantile: String, CaseIterable {
    case p50, p90, p95, p99

    /// The part of all values that lies below.
    package var rank: Double {
        switch self {
        case .p50: 0.5
        case .p90: 0.9
        case .p95: 0.95
        case .p99: 0.99
        }
    }
}
