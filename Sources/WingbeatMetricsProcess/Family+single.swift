// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatMetrics
import WingbeatModel

extension MetricSnapshot.Family {
    /// A family with one series.
    init(
        _ name: String,
        _ kind: MetricKind,
        help: String,
        unit: String = "",
        labels: LabelSet = .empty,
        value: Double
    ) {
        self.init(
            descriptor: MetricDescriptor(name: name, kind: kind, help: help, unit: unit),
            series: [MetricSnapshot.Series(labels: labels, value: kind == .counter ? .counter(value) : .gauge(value))]
        )
    }
}
