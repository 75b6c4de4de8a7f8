// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatMetrics
import WingbeatModel

/// The spans of all services as metrics: `wingbeat_spans_total` by service, operation, kind and error, and how long they
/// took, with traces as exemplars.
///
/// The first thousand operations have series of their own, so that a scrape stays small; the spans of the rest are those
/// of the operation `other` of the service `other`.
struct OperationMetricsSource: MetricSource {
    let intake: SpanIntake
    var maximumOperations = 1000

    private typealias Operation = (service: String, name: String, metrics: OperationMetrics)

    private static let kinds: [(SpanRecord.Kind?, String)] = [
        (nil, ""), (.client, "client"), (.server, "server"), (.producer, "producer"), (.consumer, "consumer"),
        (.internal, "internal"),
    ]

    func read() -> [MetricSnapshot.Family] {
        let operations = bounded(intake.operationMetrics)
        let spans = MetricDescriptor(
            name: "wingbeat.spans",
            kind: .counter,
            help: "Spans that came, also those that were not stored."
        )
        let durations = MetricDescriptor(
            name: "wingbeat.span.duration",
            kind: .histogram,
            help: "How long spans took.",
            unit: "seconds",
            buckets: Buckets(OperationMetrics.upperBounds)
        )
        return [
            MetricSnapshot.Family(descriptor: spans, series: operations.flatMap(counters)),
            MetricSnapshot.Family(descriptor: durations, series: operations.map(histogram)),
        ]
    }

    private func bounded(_ operations: [Operation]) -> [Operation] {
        guard operations.count > maximumOperations, let first = operations.dropFirst(maximumOperations).first else {
            return operations
        }
        var other = Operation(service: "other", name: "other", metrics: first.metrics)
        var own: [Operation] = []
        for (index, operation) in operations.enumerated() where index != maximumOperations {
            let isOther = operation.service == "other" && operation.name == "other"
            if index < maximumOperations, !isOther {
                own.append(operation)
            } else {
                other.metrics.add(operation.metrics)
            }
        }
        return own + [other]
    }

    private func counters(_ operation: Operation) -> [MetricSnapshot.Series] {
        Self.kinds.flatMap { kind, name in
            [false, true].compactMap { isError in
                let count = operation.metrics.count(kind, isError: isError)
                guard count > 0 else { return nil }
                let labels = LabelSet([
                    ("service", operation.service), ("operation", operation.name), ("kind", name),
                    ("error", isError ? "true" : "false"),
                ])
                return MetricSnapshot.Series(labels: labels, value: .counter(Double(count)))
            }
        }
    }

    private func histogram(_ operation: Operation) -> MetricSnapshot.Series {
        let exemplars = operation.metrics.examples.compactMap { example in
            example.map {
                Exemplar(
                    value: $0.seconds,
                    traceID: $0.traceID,
                    spanID: $0.spanID,
                    unixNanoseconds: $0.unixNanoseconds
                )
            }
        }
        let histogram = MetricSnapshot.Histogram(
            upperBounds: OperationMetrics.upperBounds,
            counts: operation.metrics.buckets,
            sum: operation.metrics.seconds,
            exemplars: exemplars
        )
        let labels = LabelSet([("service", operation.service), ("operation", operation.name)])
        return MetricSnapshot.Series(labels: labels, value: .histogram(histogram))
    }
}
