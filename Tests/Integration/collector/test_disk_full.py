# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""A full disk: spans are refused with a clear status, everything else goes on, and so do spans when there is room."""

import pytest
import requests

from conftest import Collector, eventually
from load import Reader, otlp_post, zipkin_post
from small_disk import SmallDisk

MEGABYTE = 1 << 20


@pytest.fixture
def disk():
    disk = SmallDisk(64 * MEGABYTE)
    yield disk
    disk.close()


def send(collector, post):
    path, body = post
    return requests.post(collector.url + path, body.encode(), headers={"Content-Type": "application/json"}, timeout=30)


def send_until_refused(collector, traces, post):
    """Sends one trace after the other; returns the acknowledged ones and the first refusal."""
    acknowledged = []
    for trace in traces:
        answer = send(collector, post(trace))
        if answer.status_code >= 300:
            return acknowledged, answer
        acknowledged.append(trace)
    raise AssertionError(f"{len(acknowledged)} traces found room on a disk that is full")


def assert_serves(collector, traces):
    flaws = Reader(collector.port).flaws(traces)
    assert not flaws, f"{len(flaws)} of {len(traces)} acknowledged traces: {flaws[:5]}"
    assert "service-1" in collector.get("services")
    assert len(collector.get("traces", serviceName="service-1", limit=3)) == 3


def test_a_full_disk_refuses_spans_and_nothing_else(disk, tmp_path):
    collector = Collector(disk.folder, log=tmp_path / "collector.log", enter=disk.enter)
    numbers = iter(range(1, 100_000))
    acknowledged = [trace for trace, _ in zip(numbers, range(100)) if send(collector, zipkin_post(trace)).status_code == 202]
    assert len(acknowledged) == 100
    for round in range(3):
        disk.fill(leave=MEGABYTE)
        for post in (zipkin_post, otlp_post):
            more, refusal = send_until_refused(collector, numbers, post)
            acknowledged += more
            assert refusal.status_code == 503 and "disk" in refusal.text and "full" in refusal.text, refusal.text
        assert_serves(collector, acknowledged)
        health = requests.get(collector.url + "/health", timeout=10)
        assert health.status_code == 503 and "full" in health.text, health.text

        disk.free()
        trace = next(numbers)
        eventually(lambda: send(collector, zipkin_post(trace)).status_code == 202, what="taking spans when there is room")
        acknowledged.append(trace)
        eventually(lambda: requests.get(collector.url + "/health", timeout=10).status_code == 200, what="being healthy again")
    assert_serves(collector, acknowledged)

    disk.fill()
    collector.kill()
    disk.free()
    collector = Collector(disk.folder, log=tmp_path / "again.log", enter=disk.enter)
    assert_serves(collector, acknowledged)
    assert collector.stop() == 0
