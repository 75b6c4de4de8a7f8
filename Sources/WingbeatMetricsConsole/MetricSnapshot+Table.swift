// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatMetrics
import WingbeatModel

extension MetricSnapshot {
    /// The numbers as a table for people, in the order of the families; empty where there are none.
    ///
    /// Counters and gauges come first, then histograms with their count, mean and quantiles: of all values since the
    /// start, or `-` where the registry keeps no quantiles (`MetricRegistry.keepSketches()`) or there are no values.
    /// A unit stands in brackets after the name. Control characters and other invisible ones are shown as in Swift's
    /// strings (`\n`, `\u{1b}`), and cells end after 100 characters with `…`.
    public func table() -> String {
        var numbers = TextTable(header: ["NAME", "LABELS", "VALUE"])
        var histograms = TextTable(header: ["HISTOGRAM", "LABELS", "COUNT", "MEAN", "P50", "P90", "P95", "P99"])
        for family in families {
            for series in family.series {
                let head = [family.descriptor.title, series.labels.text]
                switch series.value {
                case .counter(let value), .gauge(let value): numbers.append(head + [text(value, digits: 6)])
                case .histogram(let histogram): histograms.append(head + histogram.cells)
                }
            }
        }
        return [numbers, histograms].filter { !$0.isEmpty }.map(\.text).joined(separator: "\n")
    }
}

extension MetricDescriptor {
    fileprivate var title: String { escaped(unit.isEmpty ? name : "\(name) [\(unit)]") }
}

extension LabelSet {
    fileprivate var text: String {
        labels.map { escaped($0.name) + "=\"" + escaped($0.value, quotes: true) + "\"" }.joined(separator: " ")
    }
}

extension MetricSnapshot.Histogram {
    fileprivate var cells: [String] {
        let mean = count > 0 ? sum / Double(count) : nil
        let quantiles = [0.5, 0.9, 0.95, 0.99].map { sketch?.quantile($0) }
        return [String(count)] + ([mean] + quantiles).map { $0.map { text($0, digits: 4) } ?? "-" }
    }
}

/// What a terminal would obey rather than show is written as an escape.
private func escaped(_ text: String, quotes: Bool = false) -> String {
    var shown = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\n": shown += "\\n"
        case "\r": shown += "\\r"
        case "\t": shown += "\\t"
        case "\\": shown += "\\\\"
        case "\"" where quotes: shown += "\\\""
        case _ where isInvisible(scalar): shown += "\\u{\(String(scalar.value, radix: 16))}"
        default: shown.unicodeScalars.append(scalar)
        }
    }
    return shown
}

private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: true
    default: false
    }
}
