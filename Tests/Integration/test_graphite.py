# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Metrics are written to a real carbon and read back from its whisper files."""

import hashlib
import json
import math
import pathlib
import re
import subprocess
import time

import pytest

from conftest import eventually, free_port, require
from exporters import ODD_TEXTS, Listener, Probe, assert_books_balance, assert_quantiles

CONFIGURATION = """
[cache]
STORAGE_DIR = {folder}/
CONF_DIR = {folder}/
LOG_DIR = {folder}/log/
PID_DIR = {folder}/
LOCAL_DATA_DIR = {folder}/whisper/
USER =
MAX_CACHE_SIZE = inf
MAX_UPDATES_PER_SECOND = inf
MAX_CREATES_PER_MINUTE = inf
LINE_RECEIVER_INTERFACE = 127.0.0.1
LINE_RECEIVER_PORT = {port}
ENABLE_UDP_LISTENER = True
UDP_RECEIVER_INTERFACE = 127.0.0.1
UDP_RECEIVER_PORT = {port}
PICKLE_RECEIVER_INTERFACE = 127.0.0.1
PICKLE_RECEIVER_PORT = {pickle}
CACHE_QUERY_INTERFACE = 127.0.0.1
CACHE_QUERY_PORT = {query}
USE_FLOW_CONTROL = True
ENABLE_LOGROTATION = False
GRAPHITE_URL = http://127.0.0.1:1
ENABLE_TAGS = False
"""


class Carbon(Listener):
    def __init__(self, folder):
        self.folder, port = folder, free_port()
        self.whisper = folder / "whisper"
        for name in ("log", "whisper"):
            (folder / name).mkdir()
        configuration = folder / "carbon.conf"
        configuration.write_text(
            CONFIGURATION.format(folder=folder, port=port, pickle=free_port(), query=free_port())
        )
        (folder / "storage-schemas.conf").write_text("[all]\npattern = .*\nretentions = 1s:1h\n")
        arguments = ["--nodaemon", f"--config={configuration}", f"--pidfile={folder}/carbon.pid"]
        super().__init__([require("carbon-cache"), *arguments, "start"], port, folder / "carbon.log")

    def start(self):
        (self.folder / "carbon.pid").unlink(missing_ok=True)
        super().start()

    def points(self, metric):
        """The values of a metric by their second, from its whisper file."""
        path = metric if isinstance(metric, pathlib.Path) else self.whisper / (metric.replace(".", "/") + ".wsp")
        if not path.exists():
            return {}
        fetched = subprocess.run(
            [require("whisper-fetch"), "--json", f"--from={int(time.time()) - 600}", str(path)],
            capture_output=True, text=True, check=True,
        )
        found = json.loads(fetched.stdout)
        return {
            found["start"] + place * found["step"]: value
            for place, value in enumerate(found["values"])
            if value is not None and not math.isnan(value)
        }

    def value(self, metric):
        """The only value of a metric, as soon as it is on the disk."""
        points = eventually(lambda: self.points(metric), what=f"a point of {metric}")
        assert len(points) == 1, points
        return next(iter(points.values()))

    def tagged(self, name):
        """Where carbon keeps a tagged series: its file is called by the name's hash."""
        digest = hashlib.sha256(name.encode()).hexdigest()
        return self.whisper / "_tagged" / digest[:3] / digest[3:6] / f"{digest}.wsp"


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
        lines = pathlib.Path(carbon.log).read_text().splitlines()
        return [int(n[1]) for line in lines if (n := re.search(r"creating database metric wingbeat\.probe\.fuzz;n=(\d+)", line))]

    eventually(lambda: sorted(created()) == list(range(int(recorded["series"]))), what="a file for each series")
    assert "invalid line" not in pathlib.Path(carbon.log).read_text()


def test_many_flushes_in_a_second_sum_up(carbon):
    recorded = Probe("graphite", "steady", 5, "difference", carbon.port).result()
    assert recorded["recorded"] > 20
    metric = "wingbeat.probe.requests.method_GET"
    eventually(lambda: sum(carbon.points(metric).values()) == recorded["increments"], what="the sum of all points")
    assert 5 <= len(carbon.points(metric)) <= 8


def test_carbon_is_away_for_30_seconds(carbon, tmp_path):
    """What the system had taken when carbon was killed is lost, and what carbon had not yet written; nothing else."""
    (tmp_path / "other").mkdir()
    other = Carbon(tmp_path / "other")
    differences = Probe("graphite", "steady", 42, "difference", carbon.port)
    cumulative = Probe("graphite", "steady", 42, "cumulative", other.port)
    time.sleep(4)
    carbon.kill()
    other.kill()
    time.sleep(30)
    carbon.start()
    other.start()
    metric = "wingbeat.probe.requests.method_GET"

    recorded = differences.result()
    for probe, result in ((differences, recorded), (cumulative, cumulative.result())):
        assert_books_balance(result)
        assert result["dropped"] == 0
        assert result["mostQueued"] > 100, "the outage was noticed"
        assert result["increments"] > 10_000 and result["longestRecording"] < 2, "recording went on"
        assert result["memoryGrowth"] < 64 << 20
        assert ["cannot be delivered" in line for line in probe.trouble.splitlines()] == [True, False]
    per_second = recorded["increments"] / 42
    eventually(
        lambda: recorded["increments"] - 3 * per_second < sum(carbon.points(metric).values()) <= recorded["increments"],
        what="all but the seconds in which carbon was killed",
    )
    result = json.loads(cumulative.output.splitlines()[-1])
    eventually(lambda: max(other.points(metric).values(), default=0) == result["increments"], what="the last sum")
    assert len(other.points(metric)) > 35, "the points of the outage came after it"
    other.stop()
