# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""One request through two services: a trace, log lines that carry its id, metrics that Prometheus' own tool accepts."""

import json
import subprocess

import requests

from conftest import eventually, metric, require


def lines_of(service, trace_id):
    lines = [json.loads(line) for line in service.output().splitlines()]
    return [line for line in lines if line.get("trace_id") == trace_id]


def test_a_request_leaves_one_trace_with_the_spans_of_both_services(collector, services):
    front, back = services
    answer = requests.post(front.url + "/uppercase", json={"s": "hello"}, timeout=5)
    assert answer.json() == {"v": "HELLO"}

    spans = eventually(lambda: complete_trace(collector), what="the whole trace")
    by_kind = {(span["localEndpoint"]["serviceName"], span.get("kind")): span for span in spans}
    server = by_kind["stringsvc-front", "SERVER"]
    client = by_kind["stringsvc-front", "CLIENT"]
    remote = by_kind["stringsvc-back", "SERVER"]
    inner = by_kind["stringsvc-back", None]
    assert "parentId" not in server
    assert client["parentId"] == server["id"]
    assert remote["parentId"] == client["id"]
    assert inner["parentId"] == remote["id"]
    assert server["name"] == remote["name"] == "post /uppercase"
    assert inner["name"] == "uppercase" and inner["tags"]["input.length"] == "5"
    assert remote["tags"]["http.route"] == "/uppercase"
    assert remote["tags"]["http.response.status_code"] == "200"

    for service in services:
        lines = lines_of(service, server["traceId"])
        assert len([line for line in lines if line["msg"] == "POST /uppercase" and line["status"] == 200]) == 1


def complete_trace(collector):
    traces = collector.get("traces", serviceName="stringsvc-back", spanName="uppercase")
    return traces[0] if traces and len(traces[0]) == 4 else None


def test_the_collector_lists_both_services_and_the_link_between_them(collector, services):
    front, _ = services
    for _ in range(3):
        requests.post(front.url + "/count", json={"s": "hello"}, timeout=5)
    eventually(lambda: collector.get("services") == ["stringsvc-back", "stringsvc-front"], what="both services")
    link = {"parent": "stringsvc-front", "child": "stringsvc-back", "callCount": 3}
    end = 4_000_000_000_000  # far in the future: everything counts
    eventually(lambda: collector.get("dependencies", endTs=end, lookback=end) == [link], what="the link")


def test_business_errors_are_answers_and_bad_requests_are_counted(services):
    front, back = services
    assert requests.post(front.url + "/uppercase", json={"s": ""}, timeout=5).json() == {"v": "", "err": "empty string"}
    assert requests.post(front.url + "/count", json={"s": 42}, timeout=5).status_code == 400
    labels = {"http_route": "/count", "http_response_status_code": "400"}
    assert metric(back, "http_server_requests_total", **labels) == 1
    assert metric(back, "http_server_request_duration_seconds_count", **labels) == 1
    assert metric(back, "http_server_active_requests") == 0


def test_prometheus_tool_accepts_the_metrics_of_services_and_collector(collector, services):
    front, _ = services
    requests.post(front.url + "/uppercase", json={"s": "hello"}, timeout=5)
    for service in (front, collector):
        answer = requests.get(service.url + "/metrics", timeout=5)
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        check = subprocess.run(
            [require("promtool"), "check", "metrics"], input=answer.content, capture_output=True, timeout=30
        )
        assert check.returncode == 0, check.stderr.decode()


def test_b3_and_w3c_headers_of_a_caller_are_continued(collector, services):
    front, _ = services
    trace, parent = "463ac35c9f6413ad48485a3953bb6124", "a2fb4a1d1a96d312"
    headers = {
        "b3": {"b3": f"{trace}-{parent}-1"},
        "b3 multi": {"X-B3-TraceId": trace, "X-B3-SpanId": parent, "X-B3-Sampled": "1"},
        "w3c": {"traceparent": f"00-{trace}-{parent}-01"},
    }
    for name, value in headers.items():
        requests.post(front.url + "/count", json={"s": name}, headers=value, timeout=5)
    spans = eventually(
        lambda: len(found := collector.get(f"trace/{trace}")) == 9 and found, what="three spans for each of three calls"
    )
    assert len([span for span in spans if span.get("parentId") == parent]) == 3


def test_an_unsampled_caller_leaves_no_spans_but_ids_in_the_log(collector, services):
    front, back = services
    trace = "563ac35c9f6413ad48485a3953bb6124"
    headers = {"traceparent": f"00-{trace}-a2fb4a1d1a96d312-00"}
    requests.post(front.url + "/count", json={"s": "x"}, headers=headers, timeout=5)
    requests.post(front.url + "/count", json={"s": "y"}, timeout=5)
    eventually(lambda: len(collector.get("traces", serviceName="stringsvc-back")) == 1, what="the sampled trace")
    assert requests.get(f"{collector.url}/api/v2/trace/{trace}", timeout=5).status_code == 404
    assert lines_of(front, trace) and lines_of(back, trace)
