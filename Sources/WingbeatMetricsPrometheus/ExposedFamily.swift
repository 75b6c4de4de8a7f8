// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatMetrics

/// A family under the names that Prometheus sees.
struct ExposedFamily {
    /// The name that OpenMetrics has after `# TYPE`: `http_requests`.
    let name: String
    /// The name of the samples, or how it begins: `http_requests_total`.
    let sampleName: String
    /// The unit with which ``name`` ends; empty when there is none.
    let unit: String
    let descriptor: MetricDescriptor
    let series: [MetricSnapshot.Series]

    init(_ family: MetricSnapshot.Family) {
        descriptor = family.descriptor
        series = family.series
        unit = descriptor.kind == .info || descriptor.unit.isEmpty ? "" : canonicalMetricName(descriptor.unit)
        let suffix = descriptor.kind.suffix
        var name = canonicalMetricName(descriptor.name)
        if !suffix.isEmpty, name.hasSuffix(suffix) { name.removeLast(suffix.count) }
        if !unit.isEmpty, !name.hasSuffix("_" + unit) { name += "_" + unit }
        self.name = name
        sampleName = name + suffix
    }
}

/// The names that are given away in one exposition.
struct TakenNames {
    /// True when the name of a family must differ from the names of other families' samples too.
    let isOpenMetrics: Bool
    private var names: Set<String> = []

    init(isOpenMetrics: Bool) {
        self.isOpenMetrics = isOpenMetrics
    }

    /// Takes every name that the family needs.
    ///
    /// - Returns: false when one of them is taken already; none is taken then.
    mutating func take(_ family: ExposedFamily) -> Bool {
        let wanted = needed(by: family)
        guard names.isDisjoint(with: wanted) else { return false }
        names.formUnion(wanted)
        return true
    }

    private func needed(by family: ExposedFamily) -> [String] {
        var suffixes = family.descriptor.kind == .histogram ? ["_bucket", "_sum", "_count"] : []
        if isOpenMetrics, [.counter, .histogram].contains(family.descriptor.kind) { suffixes.append("_created") }
        let samples = suffixes.map { family.name + $0 } + [family.sampleName]
        return isOpenMetrics ? samples + [family.name] : samples
    }
}

extension MetricKind {
    fileprivate var suffix: String {
        switch self {
        case .counter: "_total"
        case .info: "_info"
        case .gauge, .histogram: ""
        }
    }
}
