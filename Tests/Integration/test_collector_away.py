# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The collector is away: the service goes on, its memory stays bounded, and the books say what was lost."""

import http.client

import requests

from conftest import Collector, Service, eventually, free_port, metric, program

QUEUE = 8192


def call(service, times):
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
    for _ in range(times):
        connection.request("POST", "/count", b'{"s":"hello"}', {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
    connection.close()


def books(service):
    name = "wingbeat_spans_"
    return {
        part: metric(service, name + part) for part in ("recorded_total", "exported_total", "dropped_total", "queued")
    }


def balances(account):
    return account["recorded_total"] == account["exported_total"] + account["dropped_total"] + account["queued"]


def start_back(port, collector_port):
    environment = {
        "PORT": str(port),
        "LOG_LEVEL": "error",
        "OTEL_EXPORTER_ZIPKIN_ENDPOINT": f"http://127.0.0.1:{collector_port}/api/v2/spans",
    }
    return Service([program("StringsvcBack")], port, "/healthz", environment)


def test_spans_beyond_the_queue_are_dropped_and_counted_and_the_rest_arrives_later(tmp_path):
    collector_port = free_port()
    back = start_back(free_port(), collector_port)
    call(back, QUEUE + 1000)
    full = back.resident_bytes()
    call(back, 6000)
    assert back.resident_bytes() < full + 30_000_000
    account = books(back)
    assert account["recorded_total"] == QUEUE + 7000
    assert account["exported_total"] == 0
    assert balances(account)
    # The batch under way is out of the queue, so up to one batch more than the queue holds may wait.
    assert QUEUE <= account["queued"] <= QUEUE + 512
    assert metric(back, "wingbeat_spans_dropped_total", reason="queue_full") == account["dropped_total"] > 0

    collector = Collector(tmp_path / "data", port=collector_port)
    eventually(lambda: books(back)["queued"] == 0, seconds=90, what="delivery after the collector came")
    account = books(back)
    assert balances(account)
    stored = metric(collector, "zipkin_collector_spans_total")
    assert stored == account["exported_total"] == account["recorded_total"] - account["dropped_total"]
    assert back.stop() == 0
    assert collector.stop() == 0


def test_a_service_ends_in_time_although_the_collector_is_away():
    back = start_back(free_port(), free_port())
    call(back, 100)
    assert back.stop() == 0  # stop() waits for 30 seconds at most


def test_what_waits_at_the_end_is_flushed(collector):
    back = start_back(free_port(), collector.port)
    call(back, 300)
    assert back.stop() == 0
    assert metric(collector, "zipkin_collector_spans_total") == 300
    assert requests.get(collector.url + "/health", timeout=5).json()["status"] == "UP"
