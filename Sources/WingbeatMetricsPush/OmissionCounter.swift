// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

package import WingbeatMetrics

/// Counts what an encoder leaves out because its backend's language cannot say it, in `wingbeat.exporter.omitted` with
/// the labels `exporter` and `reason`.
package struct OmissionCounter: Sendable {
    /// Why a value is left out.
    package enum Reason: String, Sendable {
        /// It is infinite or no number.
        case notFinite = "not_finite"
        /// Its name and labels are longer than the backend takes.
        case tooLong = "too_long"
    }

    private let exporter: String
    private let omissions: CounterFamily?

    /// - Parameters:
    ///   - exporter: the exporter's name.
    ///   - registry: where is counted; nil for nowhere.
    package init(exporter: String, registry: MetricRegistry?) {
        self.exporter = exporter
        omissions = registry?.counter(
            "wingbeat.exporter.omitted",
            help: "Values that an exporter could not say or had no room for.",
            labels: ["exporter", "reason"]
        )
    }

    /// Counts one value.
    package func omit(_ reason: Reason) {
        omissions?[exporter, reason.rawValue].increment()
    }
}
