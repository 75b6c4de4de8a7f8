# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""A Pushgateway takes what a job pushes, under labels of any value, and after it was away."""

import json
import subprocess
import time

import pytest

from conftest import eventually, program
from prometheus import Prometheus, Pushgateway

LABELS = {"job": "probe/é", "instance": "i1", "path": "/var/tmp", "empty": "", "odd": 'a b?c%d&"e\\'}


@pytest.fixture
def gateway():
    gateway = Pushgateway()
    yield gateway
    gateway.kill()


def start(gateway, seconds, *arguments):
    return subprocess.Popen(
        [program("ExporterProbe"), "pushgateway", gateway.url, str(seconds), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )


def end(probe, timeout):
    """What the probe recorded, and what it warned of."""
    output, warnings = probe.communicate(timeout=timeout)
    assert probe.returncode == 0, warnings
    return json.loads(output), warnings


def check_books(said):
    assert said["recorded"] == said["exported"] + said["dropped"] + said["queued"]
    assert said["queued"] == 0


def test_what_was_pushed_last_is_what_was_recorded(gateway, tmp_path):
    said, warnings = end(start(gateway, 2), 30)
    assert warnings == ""
    (labels, group), = gateway.groups()
    assert labels == LABELS
    assert gateway.requests_by_method() == {"GET": said["GET"], "POST": said["POST"]}
    assert group["probe_latency"]["metrics"][0]["count"] == "12345"
    assert group["probe_temperature"]["metrics"][0]["value"] == "-3.5"
    check_books(said)
    assert said["exported"] == said["recorded"] >= 4
    with Prometheus(tmp_path, gateway) as prometheus:
        sums = prometheus.values("sum by (method) (probe_requests_total{exported_job='probe/é',path='/var/tmp'})")
        assert sums == {frozenset({("method", method)}): said[method] for method in ("GET", "POST")}


def test_a_group_can_be_deleted_at_the_end(gateway):
    probe = start(gateway, 3, "delete")
    eventually(gateway.groups, what="a push")
    said, warnings = end(probe, 30)
    assert warnings == ""
    check_books(said)
    assert gateway.groups() == []


def test_pushes_go_on_after_the_gateway_was_away_for_30_seconds(gateway):
    probe = start(gateway, 50)
    eventually(gateway.groups, what="a push")
    gateway.kill()
    time.sleep(30)
    again = Pushgateway(port=gateway.port)
    eventually(again.groups, what="a push after the outage")
    before = again.requests_by_method()["GET"]
    eventually(lambda: again.requests_by_method()["GET"] > before, what="a newer push")
    said, warnings = end(probe, 60)
    assert again.requests_by_method() == {"GET": said["GET"], "POST": said["POST"]}
    check_books(said)
    assert said["dropped"] > 20
    assert [line.split(":")[0] for line in warnings.splitlines()] == ["pushgateway", "pushgateway"]
    assert "wait until they can be" in warnings.splitlines()[0]
    assert "the backend takes them again" in warnings.splitlines()[1]
    again.kill()


def test_a_job_ends_in_time_although_the_gateway_is_away(gateway):
    gateway.kill()
    said, warnings = end(start(gateway, 1, "delete"), 30)
    check_books(said)
    assert said["exported"] == 0
    assert "the group was not deleted" in warnings
