# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""StatsD: collectd and netdata read what we send, and DogStatsD's lines are those of Datadog's own client."""

import collections
import json
import pathlib
import re
import socket
import statistics
import subprocess
import threading
import time

import pytest
import requests
from datadog.dogstatsd import DogStatsd

from conftest import eventually, free_port, program, require


NORMAL = statistics.NormalDist(500, 25)  # the latency that the probe records, 12,345 times


def probe(*arguments, environment=None):
    """Runs the probe to its end, and returns what it says it recorded."""
    command = [program("ExporterProbe"), "statsd", *arguments]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    return json.loads(run.stdout)


def free_udp_port():
    with socket.socket(type=socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class RecordingSocket:
    """Not a StatsD server: a socket of ours that keeps every packet, and can go away and come back."""

    def __init__(self, address):
        self.address = address
        self.packets = []
        self.open()

    @classmethod
    def udp(cls):
        return cls(("127.0.0.1", free_udp_port()))

    @property
    def url(self):
        return f"unix://{self.address}" if isinstance(self.address, str) else f"udp://127.0.0.1:{self.address[1]}"

    def open(self):
        is_unix = isinstance(self.address, str)
        if is_unix:
            pathlib.Path(self.address).unlink(missing_ok=True)
        self.socket = socket.socket(socket.AF_UNIX if is_unix else socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(self.address)
        self.socket.settimeout(0.05)
        self.closing = False
        self.thread = threading.Thread(target=self._receive, daemon=True)
        self.thread.start()

    def _receive(self):
        while True:
            try:
                self.packets.append(self.socket.recv(65536))
            except TimeoutError:
                if self.closing:  # and nothing is left to be read
                    return

    def close(self):
        self.closing = True
        self.thread.join()
        self.socket.close()

    def lines(self):
        return [line for packet in list(self.packets) for line in packet.decode().split("\n")]

    def values(self, name, kind):
        """The values of the lines of a name and type, without tags and rates."""
        pattern = re.compile(rf"{re.escape(name)}:([-0-9.]+)\|{kind}")
        return [float(match[1]) for match in map(pattern.match, self.lines()) if match]


@pytest.fixture
def recorder():
    recorder = RecordingSocket.udp()
    yield recorder
    recorder.close()


def assert_books_balance(result):
    assert result["recorded"] == result["exported"] + result["dropped"] + result["queued"]
    assert result["queued"] == 0


# Real servers


class Collectd:
    CONFIGURATION = """
        BaseDir "{folder}"
        PIDFile "{folder}/pid"
        PluginDir "/usr/lib/collectd"
        TypesDB "/usr/share/collectd/types.db"
        Hostname "h"
        FQDNLookup false
        Interval 1
        LoadPlugin statsd
        <Plugin statsd>
          Host "127.0.0.1"
          Port "{port}"
          CounterSum true
          TimerPercentile 50
          TimerPercentile 90
          TimerPercentile 95
          TimerPercentile 99
          TimerCount true
        </Plugin>
        LoadPlugin csv
        <Plugin csv>
          DataDir "{folder}/csv"
          StoreRates false
        </Plugin>
    """

    def __init__(self, folder):
        self.folder = folder
        self.port = free_udp_port()
        self.url = f"udp://127.0.0.1:{self.port}"
        (folder / "conf").write_text(self.CONFIGURATION.format(folder=folder, port=self.port))
        command = [require("collectd"), "-f", "-C", str(folder / "conf")]
        self.log = open(folder / "log", "w")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT)
        eventually(lambda: is_bound_udp(self.port), what="collectd listening")

    def rows(self, name):
        """What the csv plugin wrote of a value, one number an interval."""
        rows = []
        for file in sorted(self.folder.glob(f"csv/h/statsd/{name}-20*")):
            rows += [float(line.split(",")[1]) for line in file.read_text().splitlines()[1:]]
        return [row for row in rows if row == row]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()


def is_bound_udp(port):
    return f":{port:04X} " in pathlib.Path("/proc/net/udp").read_text()


@pytest.fixture
def collectd(tmp_path):
    server = Collectd(tmp_path)
    yield server
    server.stop()


def test_collectd_counts_every_increment_and_every_timing(collectd):
    sent = probe("once", "statsd", collectd.url)
    eventually(lambda: sum(collectd.rows("gauge-probe.latency-count")) == 12_345, what="all timings")
    eventually(lambda: collectd.rows("derive-probe.requests.GET")[-1:] == [sent["GET"]], what="the sum of GET")
    eventually(lambda: collectd.rows("derive-probe.requests.POST")[-1:] == [sent["POST"]], what="the sum of POST")
    assert collectd.rows("gauge-probe.temperature")[-1] == -3.5
    for percent in (50, 90, 95, 99):
        seconds = next(row for row in collectd.rows(f"latency-probe.latency-percentile-{percent}") if row > 0)
        assert seconds * 1000 == pytest.approx(NORMAL.inv_cdf(percent / 100), rel=0.01)
    assert "Unable to parse" not in (collectd.folder / "log").read_text()
    assert_books_balance(sent)


class Netdata:
    CONFIGURATION = """
[global]
    run as user = root
[directories]
    config = {folder}/etc
    cache = {folder}/cache
    lib = {folder}/lib
    log = {folder}/log
[db]
    mode = ram
    update every = 1
[web]
    bind to = 127.0.0.1:{web}
[plugins]
    proc = no
    diskspace = no
    cgroups = no
    tc = no
    idlejitter = no
    timex = no
    checks = no
    apps = no
    charts.d = no
    fping = no
    ioping = no
    node.d = no
    python.d = no
    go.d = no
    perf = no
    slabinfo = no
    statsd = yes
[ml]
    enabled = no
[statsd]
    enabled = yes
    default port = {port}
    bind to = udp:127.0.0.1:{port}
    create private charts for metrics matching = *
    decimal detail = 1000
"""

    def __init__(self, folder):
        for name in ("etc", "cache", "lib", "log"):
            (folder / name).mkdir()
        (folder / "etc" / ".opt-out-from-anonymous-statistics").touch()
        self.port, web = free_udp_port(), free_port()
        self.api = f"http://127.0.0.1:{web}/api/v1/"
        self.url = f"udp://127.0.0.1:{self.port}"
        text = self.CONFIGURATION.format(folder=folder, port=self.port, web=web)
        (folder / "etc" / "netdata.conf").write_text(text)
        command = [require("netdata"), "-D", "-c", str(folder / "etc" / "netdata.conf")]
        self.output = open(folder / "output", "w")
        self.process = subprocess.Popen(command, stdout=self.output, stderr=subprocess.STDOUT)
        eventually(lambda: requests.get(self.api + "info", timeout=2).ok, what="netdata answering")
        eventually(lambda: is_bound_udp(self.port), what="netdata listening")

    def values(self, name, kind, column=1):
        """The values of a chart, one a second."""
        parameters = {"chart": f"statsd_{name}_{kind}".lower(), "after": -60, "format": "json"}
        rows = requests.get(self.api + "data", params=parameters, timeout=5).json()["data"]  # the newest first
        return [row[column] for row in reversed(rows) if row[column] is not None]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.output.close()


@pytest.fixture
def netdata(tmp_path):
    server = Netdata(tmp_path)
    yield server
    server.stop()


def test_netdata_counts_every_increment_in_both_dialects(netdata):
    plain = probe("once", "statsd", netdata.url)
    eventually(lambda: netdata.values("probe.temperature", "gauge")[-1:] == [-3.5], what="the negative gauge")
    tagged = probe("once", "dogstatsd", netdata.url)
    for name, expected in {
        "probe.requests.GET": plain["GET"],
        "probe.requests.POST": plain["POST"],
        "probe.requests": tagged["GET"] + tagged["POST"],  # netdata reads the tags and forgets them
    }.items():
        eventually(lambda: sum(netdata.values(name, "counter")) == expected, what=f"{name} = {expected}")
    percentile95, median = (max(netdata.values("probe.latency", "timer", column)) for column in (4, 5))
    assert percentile95 == pytest.approx(NORMAL.inv_cdf(0.95), rel=0.01)
    assert median == pytest.approx(500, rel=0.01)
    assert_books_balance(plain)
    assert_books_balance(tagged)


# Datadog's own client


def datadog_lines(recorder, kind):
    """What the client sends for the calls of the probe; a sampled call is made until it is sent."""
    client = DogStatsd(
        host="127.0.0.1",
        port=recorder.address[1],
        namespace="shop",
        constant_tags=["team:core", "odd:a b,c|d"],
        disable_telemetry=True,
        disable_buffering=True,
        disable_aggregation=True,
    )
    client.increment("page.views", 3, tags=["method:GET", "route:/orders/ü"])
    client.increment("logins")
    client.gauge("cold", -3.5, tags=["room:a:b"])
    client.gauge("warm", 0.25)
    if kind == "h":
        for _ in range(64):
            client.histogram("size", 1536.5, tags=["kind:x"], sample_rate=0.5)
            client.histogram("wait", 0.0125, tags=["kind:x"], sample_rate=0.5)
    elif kind == "d":
        client.distribution("size", 1536.5, tags=["kind:x"])
        client.distribution("wait", 0.0125, tags=["kind:x"])
    else:
        client.timing("size", 1536.5, tags=["kind:x"])
        client.timing("wait", 12.5, tags=["kind:x"])
    client.close_socket()


def distinct_lines(recorder):
    """Without those that tell of the exporter itself, and without the newline that the client ends a packet with."""
    return {line for line in recorder.lines() if line and not line.startswith("shop.wingbeat.")}


@pytest.mark.parametrize("kind", ["ms", "h", "d"])
def test_dogstatsd_lines_are_those_of_datadogs_client(recorder, monkeypatch, kind):
    for name, value in {"DD_ENV": "prod", "DD_SERVICE": "shop", "DD_VERSION": "1.2.3", "DD_ENTITY_ID": "pod-7"}.items():
        monkeypatch.setenv(name, value)
    probe("calls", recorder.url, kind)
    eventually(lambda: len(distinct_lines(recorder)) == 6, what="the lines of the exporter")
    ours = distinct_lines(recorder)
    recorder.packets.clear()
    datadog_lines(recorder, kind)
    eventually(lambda: len(distinct_lines(recorder)) == 6, what="the lines of the client")
    assert ours == distinct_lines(recorder)


# What arrives


def test_percentiles_of_the_timings_are_those_of_the_distribution(recorder):
    sent = probe("once", "statsd", recorder.url)
    eventually(lambda: len(recorder.values("probe.latency", "ms")) == 12_345, what="all timings")
    cuts = statistics.quantiles(recorder.values("probe.latency", "ms"), n=100)
    for percent in (50, 90, 95, 99):
        assert cuts[percent - 1] == pytest.approx(NORMAL.inv_cdf(percent / 100), rel=0.01)
    assert recorder.values("probe.requests.GET", "c") == [sent["GET"]]
    assert recorder.values("probe.temperature", "g") == [0, -3.5]
    assert max(map(len, recorder.packets)) <= 1432
    assert_books_balance(sent)


def test_telegraf_lines_have_tags_in_the_name(recorder):
    sent = probe("once", "telegraf", recorder.url)
    expected = f"probe.requests,method=GET:{sent['GET']:.0f}|c"
    eventually(lambda: expected in recorder.lines(), what=expected)
    kinds = collections.Counter(re.sub(r".*?\|", "", line) for line in recorder.lines())
    assert kinds["ms"] == 12_345


def resident_bytes(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024


class Outage:
    """A probe that increments a counter for 42 s, whose socket is away for 30 s of them."""

    def __init__(self, recorder, queue_bytes):
        self.recorder = recorder
        command = [program("ExporterProbe"), "statsd", "steady", "statsd", recorder.url, "42", str(queue_bytes)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def begin(self):
        eventually(lambda: self.recorder.values("probe.requests.GET", "c"), what="packets before the outage")
        self.recorder.close()
        self.resident = resident_bytes(self.process)
        self.before = len(self.recorder.packets)

    def end(self):
        assert resident_bytes(self.process) < self.resident + 10_000_000
        assert len(self.recorder.packets) == self.before
        self.recorder.open()
        eventually(lambda: len(self.recorder.packets) > self.before, seconds=7, what="packets after the outage")

    def result(self):
        output, self.trouble = self.process.communicate(timeout=60)
        self.recorder.close()
        return json.loads(output)


def test_an_outage_of_30_seconds_is_survived_and_accounted_for(tmp_path):
    roomy = Outage(RecordingSocket.udp(), 8 << 20)
    narrow = Outage(RecordingSocket(str(tmp_path / "s")), 8 * 8192)
    for outage in (roomy, narrow):
        outage.begin()
    time.sleep(30)
    for outage in (roomy, narrow):
        outage.end()
    for outage in (roomy, narrow):
        result = outage.result()
        assert_books_balance(result)
        assert result["exported"] == len(outage.recorder.packets)
        assert result["increments"] > 42 * 500  # of a thousand a second: it was not held up
        assert result["longestTenthOfASecond"] < 1
        assert "cannot be delivered" in outage.trouble and "takes them again" in outage.trouble
        arrived = sum(outage.recorder.values("probe.requests.GET", "c"))
        if outage is roomy:
            assert result["dropped"] == 0 and arrived == result["increments"]
        else:
            assert result["dropped"] > 10 and arrived < result["increments"]
