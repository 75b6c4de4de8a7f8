// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Wingbeat

/// The metrics of a server's requests. Durations, requests under way and all labels are named as OpenTelemetry's
/// semantic conventions for HTTP have it; the count of requests is ours, for those who look for it by that name.
struct RequestMetrics: Sendable {
    private let requests: CounterFamily
    private let durations: HistogramFamily
    private let active: GaugeFamily

    init(_ registry: MetricRegistry) {
        let labels = ["http.request.method", "http.route", "http.response.status_code"]
        requests = registry.counter("http.server.requests", help: "Requests that were answered.", labels: labels)
        durations = registry.histogram(
            "http.server.request.duration",
            help: "Time from a request's head to the last byte of its answer.",
            unit: "seconds",
            labels: labels
        )
        active = registry.gauge(
            "http.server.active_requests",
            help: "Requests that are being answered.",
            labels: ["http.request.method"]
        )
    }

    func began(method: String) {
        active[method].add(1)
    }

    func ended(method: String, route: String, status: Int, after duration: Duration) {
        let status = String(status)
        requests[method, route, status].increment()
        durations[method, route, status].observe(duration)
        active[method].add(-1)
    }
}

extension HTTPRequest.Method {
    /// The method as a label: one of the well-known ones or `_OTHER`, so that a client cannot make up series.
    var metricLabel: String {
        switch self {
        case .get, .head, .post, .put, .delete, .connect, .options, .trace, .patch: rawValue
        default: "_OTHER"
        }
    }
}
