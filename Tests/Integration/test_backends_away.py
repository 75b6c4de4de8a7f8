# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""InfluxDB and Graphite are killed for 30 seconds, at the same time: the service goes on, its memory stays bounded,
delivery resumes by itself, and the books say what was lost."""

import time

import pytest

from conftest import eventually
from exporters import Probe, assert_books_balance
from metric_servers import Carbon, InfluxDB

SECONDS = 42
METRIC = "wingbeat.probe.requests.method_GET"


class Outage:
    """Four exporters, each with what it recorded: two to InfluxDB, one of them with little room, and two to carbons."""

    def __init__(self, folder):
        folders = [folder / name for name in ("influx", "differences", "cumulative")]
        for each in folders:
            each.mkdir()
        self.influx = InfluxDB(folders[0])
        self.differences, self.cumulative = Carbon(folders[1]), Carbon(folders[2])
        self.servers = [self.influx, self.differences, self.cumulative]
        for database in ("large", "small"):
            self.influx.query(f"CREATE DATABASE {database}")

    def pass_by(self):
        influx = ["influxdb", "steady", SECONDS, "v1", self.influx.url]
        graphite = ["graphite", "steady", SECONDS]
        self.probes = {
            "large": Probe(*influx, "large"),
            "small": Probe(*influx, "small", PROBE_QUEUE="20"),
            "differences": Probe(*graphite, "difference", self.differences.port),
            "cumulative": Probe(*graphite, "cumulative", self.cumulative.port),
        }
        time.sleep(4)
        for server in self.servers:
            server.kill()
        time.sleep(30)
        for server in self.servers:
            server.start()
        self.recorded = {name: probe.result() for name, probe in self.probes.items()}


@pytest.fixture(scope="module")
def outage(tmp_path_factory):
    outage = Outage(tmp_path_factory.mktemp("outage"))
    outage.pass_by()
    yield outage
    for server in outage.servers:
        server.stop()


@pytest.mark.parametrize("name", ["large", "small", "differences", "cumulative"])
def test_the_service_goes_on(outage, name):
    recorded = outage.recorded[name]
    assert recorded["increments"] > 10_000
    assert recorded["longestRecording"] < 5, "ten increments never waited for a backend, nor for its time-out"
    assert recorded["memoryGrowth"] < 64 << 20
    assert_books_balance(recorded)
    troubles = outage.probes[name].trouble.splitlines()
    assert "cannot be delivered" in troubles[0] and "takes them again" in troubles[-1]
    assert len(troubles) <= 6, "one sentence when it begins, one when it is over"


def test_influxdb_has_everything_afterwards(outage):
    recorded = outage.recorded["large"]
    assert recorded["mostQueued"] > 100, "the outage was noticed"
    assert recorded["dropped"] == 0
    assert outage.influx.sum_of_counts("large") == {"GET": recorded["increments"]}


def test_what_finds_no_room_is_dropped_and_counted(outage):
    recorded = outage.recorded["small"]
    assert recorded["mostQueued"] <= 21, "20 wait, and one is under way"
    assert recorded["dropped"] > 50
    lost = recorded["increments"] - outage.influx.sum_of_counts("small")["GET"]
    assert 0 < lost < recorded["increments"]


def test_graphite_has_all_but_what_was_under_way(outage):
    """What the system had taken when carbon was killed is lost, and what carbon had not yet written; nothing else."""
    recorded = outage.recorded["differences"]
    assert recorded["mostQueued"] > 100 and recorded["dropped"] == 0
    least = recorded["increments"] * (1 - 3 / SECONDS)

    def total():
        return sum(outage.differences.points(METRIC).values())

    eventually(lambda: least < total() <= recorded["increments"], what="all but the seconds around the kill")


def test_cumulative_sums_lose_nothing(outage):
    recorded = outage.recorded["cumulative"]
    assert recorded["dropped"] == 0

    def last():
        return max(outage.cumulative.points(METRIC).values(), default=0)

    eventually(lambda: last() == recorded["increments"], what="the last sum")
    assert len(outage.cumulative.points(METRIC)) > 35, "the points of the outage came after it"
