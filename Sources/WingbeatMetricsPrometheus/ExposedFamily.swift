// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatMetrics

/// A family under the names that Prometheus sees.
struct ExposedFamily {
    let names: ExposedNames
    let descriptor: MetricDescriptor
    let series: [MetricSnapshot.Series]

    init(_ family: MetricSnapshot.Family) {
        descriptor = family.descriptor
        series = family.series
        names = ExposedNames(descriptor)
    }

    var name: String { names.name }
    var sampleName: String { names.sampleName }
}

/// The names that are given away in one exposition.
struct TakenNames {
    /// True when the name of a family must differ from the names of other families' samples too.
    let isOpenMetrics: Bool
    private var taken: Set<String> = []

    init(isOpenMetrics: Bool) {
        self.isOpenMetrics = isOpenMetrics
    }

    /// Takes every name that the family needs.
    ///
    /// - Returns: false when one of them is taken already; none is taken then.
    mutating func take(_ names: ExposedNames) -> Bool {
        let wanted = isOpenMetrics ? names.reserved : names.reservedInText
        guard taken.isDisjoint(with: wanted) else { return false }
        taken.formUnion(wanted)
        return true
    }
}
