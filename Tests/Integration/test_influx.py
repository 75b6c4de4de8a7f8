# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Metrics are written to a real InfluxDB 1.6 and read back with its query language."""

import http.server
import threading
import urllib.parse

import pytest
import requests

from conftest import eventually
from exporters import ODD_TEXTS, Probe, assert_books_balance, assert_quantiles
from metric_servers import InfluxDB


@pytest.fixture
def influx(tmp_path):
    influx = InfluxDB(tmp_path)
    influx.query("CREATE DATABASE probe")
    yield influx
    influx.stop()


def assert_workload(influx, recorded, database="probe"):
    assert influx.sum_of_counts(database) == {method: recorded[method] for method in ("GET", "POST")}
    assert [row["value"] for row in influx.rows('SELECT * FROM "probe.temperature"', database)] == [-3.5]
    (latency,) = influx.rows('SELECT * FROM "probe.latency"', database)
    assert latency["host"] == "probe", "the exporter's own label is a tag"
    assert latency["count"] == recorded["count"] == 12_345
    assert latency["sum"] == pytest.approx(recorded["sum"], rel=1e-12)
    assert_quantiles(latency, recorded)
    odd = {row["text"]: row["value"] for row in influx.rows('SELECT * FROM "probe.odd"', database)}
    assert odd == {text.replace("\n", "_"): place for place, text in enumerate(ODD_TEXTS)}


@pytest.mark.parametrize("environment", [{}, {"PROBE_GZIP": "1"}], ids=["plain", "gzip"])
def test_http(influx, environment):
    probe = Probe("influxdb", "once", "v1", influx.url + "/", "probe", **environment)
    recorded = probe.result()
    assert_books_balance(recorded)
    assert recorded["exported"] >= 1 and recorded["dropped"] == 0
    assert_workload(influx, recorded)
    times = {row["time"] for name in ("requests", "odd") for row in influx.rows(f'SELECT * FROM "probe.{name}"')}
    assert len(times) == 1, "a flush has one time"


def test_udp(influx):
    recorded = Probe("influxdb", "once", "udp", influx.udp).result()
    assert_books_balance(recorded)
    eventually(lambda: len(influx.rows('SELECT * FROM "probe.odd"')) == len(ODD_TEXTS), what="the last packet")
    eventually(lambda: influx.rows('SELECT * FROM "probe.latency"'), what="the histogram")
    assert_workload(influx, recorded)


def test_labels_that_are_random_bytes(influx):
    recorded = Probe("influxdb", "fuzz", "v1", influx.url, "probe").result()
    assert recorded["dropped"] == 0, "no line was refused"
    found = {int(row["n"]): row["value"] for row in influx.rows('SELECT * FROM "probe.fuzz"')}
    assert found == {number: number for number in range(int(recorded["series"]))}


def test_many_flushes_sum_up(influx):
    recorded = Probe("influxdb", "steady", 3, "v1", influx.url, "probe").result()
    assert recorded["recorded"] > 10
    assert influx.sum_of_counts() == {"GET": recorded["increments"]}


def test_user_and_retention_policy(tmp_path):
    influx = InfluxDB(tmp_path, auth=("admin", "pass:wörd é".encode()))
    try:
        influx.query("CREATE USER admin WITH PASSWORD 'pass:wörd é' WITH ALL PRIVILEGES", auth=False)
        influx.query('CREATE DATABASE "my db"')
        influx.query('CREATE RETENTION POLICY "two days" ON "my db" DURATION 2d REPLICATION 1')
        destination = ["v1", influx.url, "my db", "admin"]
        recorded = Probe("influxdb", "once", *destination, "pass:wörd é", "two days").result()
        assert recorded["dropped"] == 0
        rows = influx.rows('SELECT sum("count") FROM "two days"."probe.requests" GROUP BY "method"', "my db")
        assert {row["method"]: row["sum"] for row in rows} == {key: recorded[key] for key in ("GET", "POST")}

        refused = Probe("influxdb", "once", *destination, "wrong", "two days")
        recorded = refused.result()
        assert_books_balance(recorded)
        assert recorded["exported"] == 0 and recorded["dropped"] == recorded["recorded"] > 0
        assert "401" in refused.trouble and "authorization failed" in refused.trouble
        assert "wrong" not in refused.trouble, "a password is in no log"
    finally:
        influx.stop()


class FakeV2Door(http.server.BaseHTTPRequestHandler):
    """A fake of InfluxDB 2's write endpoint, which Debian does not have: it checks what InfluxDB 2's documentation asks
    for, and passes the body on to the real InfluxDB 1."""

    def do_POST(self):
        url = urllib.parse.urlsplit(self.path)
        parameters = urllib.parse.parse_qs(url.query)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        expected = {"org": ["my org"], "bucket": ["a/b"], "precision": ["ns"]}
        if url.path != "/api/v2/write" or parameters != expected:
            return self.answer(400)
        if self.headers["Authorization"] != "Token s3cret":
            return self.answer(401)
        assert self.headers["Content-Type"] == "text/plain; charset=utf-8"
        answer = requests.post(self.server.influx_url + "/write?db=probe&precision=ns", data=body, timeout=10)
        self.answer(answer.status_code)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


def test_v2_through_a_fake(influx):
    fake = http.server.ThreadingHTTPServer(("127.0.0.1", 0), FakeV2Door)
    fake.influx_url = influx.url
    threading.Thread(target=fake.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{fake.server_port}"
        recorded = Probe("influxdb", "once", "v2", url, "my org", "a/b", "s3cret").result()
        assert recorded["dropped"] == 0
        assert_workload(influx, recorded)
        recorded = Probe("influxdb", "once", "v2", url, "my org", "a/b", "other").result()
        assert recorded["exported"] == 0 and recorded["dropped"] == recorded["recorded"] > 0
    finally:
        fake.shutdown()
