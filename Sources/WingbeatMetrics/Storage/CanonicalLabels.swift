// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Labels as Prometheus understands them, which is how series are told apart: names made valid, each once, sorted;
/// a label with an empty value does not exist.
///
/// Values of names that become the same are joined with `;`, as OpenTelemetry's compatibility rules have it; a
/// histogram's own label `le` becomes `exported_le`. Longer values than 1,024 bytes are cut.
struct CanonicalLabels {
    private(set) var names: [String] = []
    private(set) var displayNames: [String] = []
    private(set) var values: [String] = []
    /// True when a value had to be cut.
    private(set) var isCut = false

    init(_ labels: LabelSet, of kind: MetricKind) {
        for label in labels.labels where !label.value.isEmpty {
            append(Self.name(label.name, of: kind), label.name, label.value)
        }
    }

    static func name(_ name: String, of kind: MetricKind) -> String {
        let canonical = canonicalLabelName(name)
        return kind == .histogram && canonical == "le" ? "exported_le" : canonical
    }

    private mutating func append(_ name: String, _ displayName: String, _ value: String) {
        var position = names.count
        while position > 0, names[position - 1] > name { position -= 1 }
        if position > 0, names[position - 1] == name {
            values[position - 1] = cut(values[position - 1] + ";" + value)
        } else {
            names.insert(name, at: position)
            displayNames.insert(displayName, at: position)
            values.insert(cut(value), at: position)
        }
    }

    private mutating func cut(_ value: String) -> String {
        guard value.utf8.count > SeriesKey.maximumValueLength else { return value }
        isCut = true
        var end = value.utf8.index(value.startIndex, offsetBy: SeriesKey.maximumValueLength)
        while end.samePosition(in: value.unicodeScalars) == nil { end = value.utf8.index(before: end) }
        return String(value[..<end])
    }
}
