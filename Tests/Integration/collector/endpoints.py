# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The collector's routes, and for each what it takes: parameters or bodies that are good."""

import pathlib

TRACE = "463ac35c9f6413ad48485a3953bb6124"
SEARCH = {
    "serviceName": "fuzzed", "remoteServiceName": "fuzzed", "spanName": "get", "annotationQuery": "http.path=/é and error",
    "minDuration": "10", "maxDuration": "100000", "endTs": "1700000000001", "lookback": "86400000", "limit": "10",
}
WINDOW = {"endTs": "1700000000001", "lookback": "86400000"}
JAEGER_SEARCH = {
    "service": "fuzzed", "operation": "get", "start": "1699999999000000", "end": "1700000001000000", "limit": "20",
    "minDuration": "10us", "maxDuration": "1.5s", "tag": "http.path:/*", "tags": '{"error":""}', "traceID": TRACE, "prettyPrint": "true",
}
JAEGER_V3_SEARCH = {
    "query.serviceName": "fuzzed", "query.operationName": "get", "query.startTimeMin": "2023-11-14T00:00:00Z",
    "query.startTimeMax": "2023-11-15T00:00:00.5Z", "query.durationMin": "1ms", "query.durationMax": "2s",
    "query.searchDepth": "20", "query.attributes": '{"http.path":"/é"}',
}
LANGUAGE = 'service:fuzzed duration>10us (error OR http.path="/é") -health'
OPERATIONS = {"service": "fuzzed", **WINDOW}
# The paths that answer queries, without Zipkin's prefix, and their parameters.
QUERIES = {
    "/api/v2/traces": SEARCH,
    "/api/v2/trace/{traceId}": {"traceId": TRACE, "adjust": "true"},
    "/api/v2/traceMany": {"traceIds": f"{TRACE},463ac35c9f6413ad"},
    "/api/v2/services": {},
    "/api/v2/spans": {"serviceName": "fuzzed"},
    "/api/v2/remoteServices": {"serviceName": "fuzzed"},
    "/api/v2/dependencies": WINDOW,
    "/api/v2/autocompleteKeys": {},
    "/api/v2/autocompleteValues": {"key": "http.path"},
    "/api/services": {},
    "/api/services/{service}/operations": {"service": "fuzzed"},
    "/api/operations": {"service": "fuzzed", "spanKind": "client"},
    "/api/traces": JAEGER_SEARCH,
    "/api/traces/{id}": {"id": TRACE, "start": "1699999999000000", "end": "1700000001000000", "raw": "true"},
    "/api/dependencies": WINDOW,
    "/api/v3/services": {},
    "/api/v3/operations": {"service": "fuzzed", "span_kind": "client"},
    "/api/v3/traces": JAEGER_V3_SEARCH,
    "/api/v3/traces/{id}": {"id": TRACE, "startTime": "2023-11-14T00:00:00Z", "endTime": "2023-11-15T00:00:00Z"},
    "/api/v3/trace-summaries": JAEGER_V3_SEARCH,
    "/api/statistics/operations": OPERATIONS,
    "/api/statistics/links": WINDOW,
    "/api/metrics/latencies": {"service": "fuzzed", "quantile": "0.95", "step": "60000", "ratePer": "60000", **WINDOW},
    "/api/metrics/calls": {"service": "fuzzed", "step": "60000", "ratePer": "60000", "groupByOperation": "true", **WINDOW},
    "/api/metrics/errors": {"service": "fuzzed", "spanKind": "client", **WINDOW},
    "/api/metrics/minstep": {},
    "/api/status": {},
    "/api/trace/{traceId}": {"traceId": TRACE, "adjust": "true"},
    "/api/trace/{traceId}/spans/{spanId}": {"traceId": TRACE, "spanId": "463ac35c9f6413ad"},
    "/api/trace/{traceId}/find": {"traceId": TRACE, "q": LANGUAGE},
    "/api/search": {"q": LANGUAGE, "sort": "longest", "endTs": "1700000000001", "lookback": "86400000", "limit": "10"},
    "/api/search/complete": {"q": "service:fuzzed name:g", "position": "21"},
    "/api/sql": {"q": "SELECT service, count(*) FROM spans WHERE start > 1 GROUP BY service ORDER BY 2 DESC LIMIT 5"},
    "/actuator/health": {},
    "/actuator/info": {},
    "/actuator/prometheus": {},
    "/health": {},
    "/info": {},
    "/metrics": {},
    "/prometheus": {},
    "/": {},
    "/ui/**": {"**": "trace/model.js"},
    "/config.json": {},
    "/dependency": {},
    "/traces/{traceId}": {"traceId": TRACE},
    "/zipkin": {},
    "/zipkin/config.json": {},
    "/zipkin/dependency": {},
    "/zipkin/traces/{traceId}": {"traceId": TRACE},
}

# Answers that go on until the client leaves.
STREAMS = {"/api/tail": {**SEARCH, "q": LANGUAGE}}


def plain(path):
    """Zipkin's API is there under two prefixes."""
    return path.removeprefix("/zipkin") if path.startswith("/zipkin/api/") else path


def endpoints():
    """Each route with its method."""
    lines = (pathlib.Path(__file__).parent / "endpoints.txt").read_text().splitlines()
    return [tuple(line.split()) for line in lines if line and not line.startswith("#")]
