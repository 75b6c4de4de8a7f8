// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import WingbeatBytes
import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

/// Jaeger's API behind its page "Monitor": how often operations were called, how many calls failed and how long they
/// took, from the counts that are kept of every minute.
///
/// A point says what happened in the `ratePer` milliseconds before it, each minute that has begun counted whole. A parameter `spanKind`
/// is passed over, since minutes are counted without kinds.
struct JaegerMetricsAPI: Sendable {
    let intake: SpanIntake

    func add(to router: Router<BasicRequestContext>) {
        let group = router.group("api/metrics").add(
            middleware: JaegerErrors { status, sentence in
                JaegerEnvelope.encode(nil, problems: [.init(code: status, message: sentence)])
            }
        )
        group.get("latencies") { request, _ in
            let parameters = try QueryParameters(request)
            guard let share = parameters["quantile"].flatMap(Double.init), 0...1 ~= share else {
                throw JaegerParameters.unreadable("quantile", "a number from 0 to 1 is needed")
            }
            return try await answer(request, .latencies(quantile: share))
        }
        group.get("calls") { request, _ in try await answer(request, .calls) }
        group.get("errors") { request, _ in try await answer(request, .errors) }
        group.get("minstep") { request, _ in
            try Response(json: JaegerEnvelope.encode(Array("60000".utf8)), for: request)
        }
    }

    private func answer(_ request: Request, _ measure: JaegerMeasure) async throws -> Response {
        let wanted = try JaegerMetricsRequest(QueryParameters(request))
        let rollups = try await intake.operations(in: wanted.counted)
        let series = wanted.series(of: measure, from: rollups)
        return try Response(json: JaegerMetricsJSON.encode(series, of: measure, for: wanted), for: request)
    }
}

/// What is asked of calls.
enum JaegerMeasure {
    /// Milliseconds below which a share of calls lie.
    case latencies(quantile: Double)
    /// Calls a second.
    case calls
    /// The share of calls that failed.
    case errors

    /// Nil where nothing can be said of no calls.
    func value(of calls: CallStatistics, inSeconds seconds: Double) -> Double? {
        switch self {
        case .calls: return Double(calls.count) / seconds
        case .errors: return calls.count > 0 ? Double(calls.errors) / Double(calls.count) : nil
        case .latencies(let share): return calls.durations.quantile(share).map { Double($0) / 1_000_000 }
        }
    }

    var name: String {
        switch self {
        case .latencies: "latencies"
        case .calls: "call_rate"
        case .errors: "error_rate"
        }
    }

    var help: String {
        switch self {
        case .latencies(let quantile): "\(quantile)th quantile latency"
        case .calls: "calls/sec"
        case .errors: "error rate, computed as a fraction of errors/sec over calls/sec"
        }
    }
}

/// A request for metrics. At most 200 points are given, at least a minute apart.
struct JaegerMetricsRequest {
    let services: Set<String>
    let isByOperation: Bool
    /// Milliseconds since 1970.
    private let points: StrideThrough<Int64>
    private let ratePer: Int64
    /// What must be known for all points, in microseconds since 1970.
    let counted: ClosedRange<Int64>

    /// The names of a line, and its points: milliseconds since 1970 and the value.
    typealias Series = (service: String, operation: String, points: [(time: Int64, value: Double)])

    init(_ parameters: QueryParameters) throws(RequestError) {
        services = Set(parameters.all("service").map { $0.lowercased() })
        guard !services.isEmpty else {
            throw JaegerParameters.unreadable("service", "please provide at least one service name")
        }
        isByOperation = parameters["groupByOperation"] == "true"
        let jaeger = JaegerParameters(parameters)
        let window = try jaeger.window(lookback: 3_600_000)
        ratePer = try jaeger.integer("ratePer") ?? 600_000
        guard 60_000...3_600_000 ~= ratePer else {
            throw JaegerParameters.unreadable("ratePer", "\(ratePer) is not from 60000 to 3600000")
        }
        let (first, last) = (window.lowerBound / 1000, window.upperBound / 1000)
        let step = max(try jaeger.integer("step") ?? 0, 60_000, (last - first) / 200)
        points = stride(from: first, through: last, by: Int(step))
        counted = max(window.lowerBound - ratePer * 1000, 0)...window.upperBound
    }

    func series(of measure: JaegerMeasure, from rollups: [Rollup]) -> [Series] {
        var groups: [[String]: [Int64: CallStatistics]] = [:]
        for rollup in rollups where services.contains(rollup.service) {
            let names = [rollup.service, isByOperation ? rollup.name : ""]
            groups[names, default: [:]][rollup.minute, default: CallStatistics()].add(rollup.calls)
        }
        return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { names, minutes in
            (names[0], names[1], points.compactMap { point(at: $0, of: measure, from: minutes) })
        }
    }

    private func point(
        at time: Int64,
        of measure: JaegerMeasure,
        from minutes: [Int64: CallStatistics]
    ) -> (time: Int64, value: Double)? {
        var calls = CallStatistics()
        let last = (time - 1) / 60_000
        for minute in (last - ratePer / 60_000 + 1)...last { minutes[minute].map { calls.add($0) } }
        return measure.value(of: calls, inSeconds: Double(ratePer / 60_000 * 60)).map { (time, $0) }
    }
}

/// A family of metrics as Jaeger writes it: the JSON of OpenMetrics' `MetricFamily`.
enum JaegerMetricsJSON {
    static func encode(
        _ series: [JaegerMetricsRequest.Series],
        of measure: JaegerMeasure,
        for request: JaegerMetricsRequest
    ) -> [UInt8] {
        var bytes = Array(#"{"name":"#.utf8)
        bytes.append(jsonString: (request.isByOperation ? "service_operation_" : "service_") + measure.name)
        bytes.append(literal: ",\"type\":\"GAUGE\",\"help\":")
        bytes.append(jsonString: measure.help + ", grouped by service" + (request.isByOperation ? " & operation" : ""))
        bytes.append(literal: ",\"metrics\":")
        bytes.append(jsonArray: series) { $0.append($1, isByOperation: request.isByOperation) }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ series: JaegerMetricsRequest.Series, isByOperation: Bool) {
        append(literal: "{\"labels\":")
        let operation = isByOperation ? [("operation", series.operation)] : []
        append(jsonArray: [("service_name", series.service)] + operation) { bytes, label in
            bytes.append(literal: "{\"name\":")
            bytes.append(jsonString: label.0)
            bytes.append(literal: ",\"value\":")
            bytes.append(jsonString: label.1)
            bytes.append(UInt8(ascii: "}"))
        }
        append(literal: ",\"metricPoints\":")
        append(jsonArray: series.points) { bytes, point in
            bytes.append(literal: "{\"gaugeValue\":{\"doubleValue\":")
            bytes.append(double: point.value)
            bytes.append(literal: "},\"timestamp\":\"")
            bytes.append(rfc3339: UInt64(clamping: point.time) &* 1_000_000)
            bytes.append(literal: "\"}")
        }
        append(UInt8(ascii: "}"))
    }
}
