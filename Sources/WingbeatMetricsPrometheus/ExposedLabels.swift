// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatMetrics
import WingbeatModel

/// Labels with valid names, each once, for Prometheus refuses a whole scrape with a name that is there twice.
///
/// Values of names that have become the same are joined with `;`, as OpenTelemetry's compatibility rules have it;
/// a histogram's own label `le` becomes `exported_le`.
func exposedLabels(_ labels: LabelSet, of kind: MetricKind) -> [(name: String, value: String)] {
    var exposed: [(name: String, value: String)] = []
    exposed.reserveCapacity(labels.labels.count)
    for label in labels.labels {
        var name = canonicalLabelName(label.name)
        if kind == .histogram, name == "le" { name = "exported_le" }
        if let same = exposed.firstIndex(where: { $0.name == name }) {
            exposed[same].value += ";" + label.value
        } else {
            exposed.append((name, label.value))
        }
    }
    return exposed
}

extension MetricSnapshot.Histogram {
    /// The newest exemplar of each bucket that has one, by the bucket's index.
    var exemplarsByBucket: [Int: Exemplar] {
        Dictionary(
            exemplars.map { exemplar in
                (upperBounds.firstIndex { exemplar.value <= $0 } ?? upperBounds.count, exemplar)
            },
            uniquingKeysWith: { $0.unixNanoseconds > $1.unixNanoseconds ? $0 : $1 }
        )
    }
}
