# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Metrics are written to a real carbon and read back from its whisper files."""

import pathlib
import re

import pytest

from conftest import eventually
from exporters import ODD_TEXTS, Probe, assert_books_balance, assert_quantiles
from metric_servers import Carbon


@pytest.fixture
def carbon(tmp_path):
    carbon = Carbon(tmp_path)
    yield carbon
    carbon.stop()


def assert_workload(recorded, value):
    assert value("probe.requests", "GET") == recorded["GET"]
    assert value("probe.requests", "POST") == recorded["POST"]
    assert value("probe.temperature") == -3.5
    assert value("probe.latency.count") == recorded["count"] == 12_345
    assert value("probe.latency.sum") == pytest.approx(recorded["sum"], rel=1e-12)
    assert_quantiles({name: value(f"probe.latency.{name}") for name in ("p50", "p90", "p95", "p99")}, recorded)


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_flat_names(carbon, transport):
    recorded = Probe("graphite", "once", transport, "flat", carbon.port).result()
    assert_books_balance(recorded)
    assert recorded["dropped"] == 0 and recorded["exported"] >= 1

    def value(name, method=None):
        return carbon.value(f"wingbeat.{name}" + (f".method_{method}" if method else ""))

    assert_workload(recorded, value)
    nodes = {re.sub("[^A-Za-z0-9_-]", "_", text): place for place, text in enumerate(ODD_TEXTS)}  # the last of a name
    assert {node: carbon.value(f"wingbeat.probe.odd.text_{node}") for node in nodes} == nodes
    assert not (carbon.whisper / "_tagged").exists()


def test_tagged_names(carbon):
    recorded = Probe("graphite", "once", "tcp", "tagged", carbon.port).result()
    assert_books_balance(recorded)
    texts = [text.translate({ord(c): "_" for c in ' ;"\n'}) for text in ODD_TEXTS]
    texts[ODD_TEXTS.index("~a")] = "_a"
    odd = {f"wingbeat.probe.odd;text={text}": place for place, text in enumerate(texts)}  # the last of a name
    assert {name: carbon.value(carbon.tagged(name)) for name in odd} == odd

    def value(name, method=None):
        return carbon.value(carbon.tagged(f"wingbeat.{name};method={method}") if method else f"wingbeat.{name}")

    assert_workload(recorded, value)


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_labels_that_are_random_bytes(carbon, transport):
    recorded = Probe("graphite", "fuzz", transport, "tagged", carbon.port).result()
    assert recorded["dropped"] == 0

    def created():
        log = pathlib.Path(carbon.log).read_text()
        return [int(number) for number in re.findall(r"creating database metric wingbeat\.probe\.fuzz;n=(\d+)", log)]

    eventually(lambda: sorted(created()) == list(range(int(recorded["series"]))), what="a file for each series")
    assert "invalid line" not in pathlib.Path(carbon.log).read_text()


def test_many_flushes_in_a_second_sum_up(carbon):
    recorded = Probe("graphite", "steady", 5, "difference", carbon.port).result()
    assert recorded["recorded"] > 20
    metric = "wingbeat.probe.requests.method_GET"
    eventually(lambda: sum(carbon.points(metric).values()) == recorded["increments"], what="the sum of all points")
    assert 5 <= len(carbon.points(metric)) <= 8
