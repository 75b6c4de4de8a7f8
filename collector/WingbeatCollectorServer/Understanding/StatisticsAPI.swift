// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Hummingbird
import WingbeatCollector
import WingbeatModel

/// `GET /api/statistics/operations` and `/links`: rate, errors and durations, counted of all spans that came.
struct StatisticsAPI: Sendable {
    let intake: SpanIntake
    /// How many operations an answer holds at most: those with most spans.
    var maximumOperations = 1000
    /// How many minutes a sparkline has at most; of a longer time each of its numbers is of several minutes.
    var maximumPoints = 120

    func add<Context: RequestContext>(to router: Router<Context>) {
        router.get("/api/statistics/operations") { request, _ in try await operations(QueryParameters(request)) }
        router.get("/api/statistics/links") { request, _ in try await links(QueryParameters(request)) }
    }

    private func operations(_ parameters: QueryParameters) async throws -> Response {
        let window = try window(parameters)
        let service = parameters["service"]?.lowercased()
        let rollups = try await intake.operations(in: window).filter { service == nil || $0.service == service }
        let steps = Steps(window, maximumPoints)
        let operations = Self.grouped(rollups).sorted { ($1.calls.count, $0.names) < ($0.calls.count, $1.names) }
        let values = operations.prefix(maximumOperations).map { group in
            AttributeValue.map(
                [Attribute("service", group.service), Attribute("operation", group.name)]
                    + Self.numbers(group.calls, minutes: steps.minutes)
                    + [Attribute("sparkline", .array(steps.points(of: group.rollups)))]
            )
        }
        return answer([
            Attribute("start", .int(window.lowerBound / 1000)), Attribute("end", .int(window.upperBound / 1000)),
            Attribute("sparklineMinutes", .int(steps.width)),
            Attribute("leftOut", .int(Int64(operations.count - values.count))),
            Attribute("operations", .array(values)),
        ])
    }

    private func links(_ parameters: QueryParameters) async throws -> Response {
        let window = try window(parameters)
        let links = try await intake.links(in: window).map { link in
            let p95 = link.calls.durations.quantile(0.95)
            return AttributeValue.map([
                Attribute("parent", link.service), Attribute("child", link.name),
                Attribute("callCount", .int(Int64(link.calls.count))),
                Attribute("errorCount", .int(Int64(link.calls.errors))), Attribute("p95", Self.microseconds(p95)),
            ])
        }
        return answer([
            Attribute("start", .int(window.lowerBound / 1000)), Attribute("end", .int(window.upperBound / 1000)),
            Attribute("links", .array(links)),
        ])
    }

    /// The last hour when nothing is said.
    private func window(_ parameters: QueryParameters) throws -> ClosedRange<Int64> {
        let now = Int64(Date().timeIntervalSince1970 * 1000) + 1
        return try TraceQuery.window(
            endTs: try parameters.integer("endTs") ?? now,
            lookback: try parameters.integer("lookback") ?? 3_600_000
        )
    }

    private func answer(_ members: [Attribute]) -> Response { .json(.map(members)) }
}

extension StatisticsAPI {
    private struct Group {
        let service: String
        let name: String
        var calls = CallStatistics()
        var rollups: [Rollup] = []

        var names: String { service + "\0" + name }
    }

    private static func grouped(_ rollups: [Rollup]) -> [Group] {
        var groups: [[String]: Group] = [:]
        for rollup in rollups {
            var group = groups[[rollup.service, rollup.name]] ?? Group(service: rollup.service, name: rollup.name)
            group.calls.add(rollup.calls)
            group.rollups.append(rollup)
            groups[[rollup.service, rollup.name]] = group
        }
        return Array(groups.values)
    }

    private static func numbers(_ calls: CallStatistics, minutes: Int64) -> [Attribute] {
        [
            Attribute("count", .int(Int64(calls.count))), Attribute("errors", .int(Int64(calls.errors))),
            Attribute("perSecond", .double(Double(calls.count) / (60 * Double(minutes)))),
            Attribute("p50", microseconds(calls.durations.quantile(0.5))),
            Attribute("p95", microseconds(calls.durations.quantile(0.95))),
            Attribute("p99", microseconds(calls.durations.quantile(0.99))),
        ]
    }

    private static func microseconds(_ nanoseconds: UInt64?) -> AttributeValue {
        nanoseconds.map { .int(Int64($0 / 1000)) } ?? .empty
    }

    /// The minutes of a window in steps of the same width.
    private struct Steps {
        let first: Int64
        let minutes: Int64
        let width: Int64

        init(_ window: ClosedRange<Int64>, _ maximum: Int) {
            first = window.lowerBound / 60_000_000
            minutes = window.upperBound / 60_000_000 - first + 1
            width = (minutes - 1) / Int64(maximum) + 1
        }

        func points(of rollups: [Rollup]) -> [AttributeValue] {
            var counts = [Int64](repeating: 0, count: Int((minutes - 1) / width + 1))
            for rollup in rollups {
                let index = Int((rollup.minute - first) / width)
                if counts.indices.contains(index) { counts[index] += Int64(rollup.calls.count) }
            }
            return counts.map { .int($0) }
        }
    }
}

extension Response {
    /// A value as JSON.
    static func json(_ value: AttributeValue) -> Response {
        var bytes: [UInt8] = []
        bytes.append(json: value)
        return Response(status: .ok, bytes: bytes, contentType: "application/json")
    }
}
