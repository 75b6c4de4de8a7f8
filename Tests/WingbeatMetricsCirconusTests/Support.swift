// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import WingbeatMetrics
import WingbeatMetricsCirconus
import WingbeatModel

func encoder(_ configure: (inout CirconusConfiguration) -> Void = { _ in }) -> CirconusEncoder {
    var configuration = CirconusConfiguration(submissionURL: "")
    configure(&configuration)
    return CirconusEncoder(configuration)
}

func text(_ messages: [[UInt8]]) -> String { String(decoding: messages.flatMap(\.self), as: UTF8.self) }

/// The names of a body's metrics, in their order.
func names(_ messages: [[UInt8]]) throws -> [String] {
    let body = Data(messages.flatMap(\.self))
    let found = try JSONDecoder().decode([String: Metric].self, from: body).keys
    return found.sorted { position(of: $0, in: body) < position(of: $1, in: body) }
}

private struct Metric: Decodable {
    let _type: String
}

private func position(of name: String, in body: Data) -> Int {
    let key = (try? JSONEncoder().encode(name)) ?? Data()
    let text = Data(String(decoding: key, as: UTF8.self).replacing("\\/", with: "/").utf8)
    return body.range(of: text + Data(":{".utf8))?.lowerBound ?? .max
}

func histogram(_ count: UInt64, _ sum: Double, _ sketch: ExponentialCounts) -> MetricSnapshot {
    let histogram = MetricSnapshot.Histogram(upperBounds: [], counts: [count], sum: sum, sketch: sketch)
    return MetricSnapshot(families: [family("h", .histogram, ([:], .histogram(histogram)))])
}

func family(
    _ name: String,
    _ kind: MetricKind,
    _ series: (LabelSet, MetricSnapshot.Value)...
) -> MetricSnapshot.Family {
    MetricSnapshot.Family(
        descriptor: MetricDescriptor(name: name, kind: kind),
        series: series.map { MetricSnapshot.Series(labels: $0.0, value: $0.1) }
    )
}
