# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Spans are sent on through a queue on disk: nothing that was acknowledged is lost, whoever is killed."""

import subprocess

import pytest
import requests
from otlp_fake import FakeOTLPCollector

from conftest import Collector, eventually, free_port, metric, program


def spans(trace, count=20):
    return [
        {"traceId": trace, "id": f"{number:016x}", "name": "step", "timestamp": 1_800_000_000_000_000 + number,
         "duration": 7, "kind": "CLIENT", "localEndpoint": {"serviceName": "shop", "ipv4": "10.0.0.1"},
         "remoteEndpoint": {"serviceName": "bank"}, "tags": {"number": str(number)}}
        for number in range(1, count + 1)
    ]  # fmt: skip


def post(collector, trace):
    answer = requests.post(collector.spans_url, json=spans(trace), timeout=20)
    assert answer.status_code == 202, answer.text


def has(collector, trace):
    answer = requests.get(f"{collector.url}/api/v2/trace/{trace}", timeout=20)
    return answer.status_code == 200 and answer.json() == spans(trace)


def books(collector):
    """The spans that were sent, that wait, and that were dropped."""
    return [metric(collector, f"wingbeat_forward_{name}") for name in ["sent_total", "waiting", "dropped_total"]]


@pytest.mark.parametrize("path", ["", "/v1/traces", "/api/v2/spans"])
def test_another_collector_that_is_killed_and_returns(tmp_path, path):
    target = Collector(tmp_path / "target")
    port = target.port
    source = Collector(tmp_path / "source", "--forward", target.url + path, log=tmp_path / "source.log")
    try:
        post(source, "00000000000000a1")
        eventually(lambda: has(target, "00000000000000a1"), what="the first trace at the target")
        target.kill()
        post(source, "00000000000000a2")
        post(source, "00000000000000a3")
        eventually(lambda: books(source) == [20, 40, 0], what="two traces waiting")
        target = Collector(tmp_path / "target", port=port)
        for trace in ["00000000000000a1", "00000000000000a2", "00000000000000a3"]:
            eventually(lambda: has(target, trace), 30, f"trace {trace} at the target")
            assert has(source, trace)
        eventually(lambda: books(source) == [60, 0, 0], what="the books closed")
    finally:
        source.stop()
        target.stop()


def test_what_was_acknowledged_outlives_the_forwarding_collector(tmp_path):
    port = free_port()
    options = ["--storage", "none", "--forward", f"http://127.0.0.1:{port}"]
    source = Collector(tmp_path / "source", *options)
    traces = [f"{number:016x}" for number in range(1, 31)]
    target = None
    try:
        for trace in traces:
            post(source, trace)
        source.kill()
        source = Collector(tmp_path / "source", *options)
        assert books(source) == [0, 600, 0]
        target = Collector(tmp_path / "target", port=port)
        for trace in traces:
            eventually(lambda: has(target, trace), 30, f"trace {trace} at the target")
        eventually(lambda: books(source) == [600, 0, 0], what="the books closed")
    finally:
        source.stop()
        if target:
            target.stop()


def test_open_telemetry_reads_what_is_forwarded(tmp_path):
    """Its own generated code decodes; refused spans are dropped and counted, and hold up nothing."""
    fake = FakeOTLPCollector(503, ("partial", 3, "three are odd"), 400)
    source = Collector(tmp_path / "source", "--forward", fake.url, log=tmp_path / "source.log")
    try:
        for trace in ["00000000000000b1", "00000000000000b2", "00000000000000b3"]:
            post(source, trace)
        eventually(lambda: books(source) == [17 + 20, 0, 3 + 20], what="three messages settled")
        assert [request[4] for request in fake.requests] == [503, 200, 400, 200]
        assert {request[1] for request in fake.requests} == {"/v1/traces"}
        assert {request[2] for request in fake.requests} == {"application/x-protobuf"}
        assert "three are odd" in source.output()
    finally:
        source.stop()
        fake.close()


def test_without_room_spans_are_refused_or_dropped(tmp_path):
    """The queue's limit: with a store spans are kept and not forwarded, without one they are refused."""
    away = f"http://127.0.0.1:{free_port()}"
    for storage, last in [("sqlite", 202), ("none", 429)]:
        source = Collector(
            tmp_path / storage, "--storage", storage, "--forward", away, "--forward-bytes", str(1 << 20)
        )  # fmt: skip
        try:
            body = spans("00000000000000c1", 1000)
            statuses = [requests.post(source.spans_url, json=body, timeout=20).status_code for _ in range(20)]
            assert statuses[0] == 202 and statuses[-1] == last, statuses
            sent, waiting, dropped = books(source)
            assert sent == 0 and 0 < waiting < 20_000
            assert dropped == (20_000 - waiting if storage == "sqlite" else 0)
        finally:
            source.stop()


@pytest.mark.parametrize(
    "options, reason",
    [
        (["--storage", "none"], "--storage none needs --forward, or spans would go nowhere."),
        (["--forward", "central:9411"], "--forward: central:9411 is no URL that begins with http:// or https://"),
    ],
)
def test_a_mistake_is_named(tmp_path, options, reason):
    run = subprocess.run([program("wingbeat"), "collector", *options], capture_output=True, text=True, timeout=30)
    assert run.returncode == 64
    assert reason in run.stderr
