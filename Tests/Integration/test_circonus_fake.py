# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Metrics are put to a fake of a Circonus broker, for there is none to be had; Circonus' own Go library reads the
histograms."""

import base64
import http.server
import json
import os
import re
import subprocess
import threading

import pytest

from conftest import require
from exporters import ODD_TEXTS, Probe, assert_books_balance, assert_quantiles

GO = """
package main

import (
    "encoding/json"
    "fmt"
    "os"

    "github.com/circonus-labs/circonusllhist"
)

func main() {
    var texts []string
    if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
        panic(err)
    }
    histogram, err := circonusllhist.NewFromStrings(texts, false)
    if err != nil {
        panic(err)
    }
    quantiles, err := histogram.ApproxQuantile([]float64{0.5, 0.9, 0.95, 0.99})
    if err != nil {
        panic(err)
    }
    text, _ := json.Marshal(map[string]interface{}{
        "quantiles": quantiles, "mean": histogram.ApproxMean(), "texts": histogram.DecStrings(),
    })
    fmt.Println(string(text))
}
"""

SECRET = "1b4e28ba-2fa1-11d2-893f-e9b761bde3fb/s3cr3tk3y"
NAME = re.compile(r"[^|\x00-\x1f]+(\|ST\[([^\[\],:]+:[^\[\],]+)(,[^\[\],:]+:[^\[\],]+)*\])?")


class FakeHTTPTrap(http.server.BaseHTTPRequestHandler):
    """A fake of the HTTPTrap module of Circonus' broker: PUT, the secret at the end of the path, JSON by its rules."""

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != f"/module/httptrap/{SECRET}":
            return self.answer(403, {"error": "secret mismatch"})
        if self.server.busy > 0:
            self.server.busy -= 1
            return self.answer(503, {"error": "busy"})
        metrics = json.loads(body, object_pairs_hook=self.without_repetition)
        try:
            for name, metric in metrics.items():
                self.check(name, metric)
        except AssertionError as error:
            self.server.complaints.append(str(error))
            return self.answer(500, {"error": str(error)})
        self.server.bodies.append(metrics)
        self.answer(200, {"stats": len(metrics)})

    @staticmethod
    def without_repetition(pairs):
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    @staticmethod
    def check(name, metric):
        assert NAME.fullmatch(name), name
        kind, value = metric["_type"], metric["_value"]
        if kind == "h":
            assert set(metric) == {"_type", "_value"} and value, name
            assert all(re.fullmatch(r"H\[-?\d\.\de[+-]\d{2,3}\]=[1-9]\d*", text) for text in value), value
        else:
            assert set(metric) == {"_type", "_value", "_ts"} and isinstance(metric["_ts"], int), name
            assert (kind, type(value)) in (("L", int), ("n", int), ("n", float)), metric

    def answer(self, status, answer):
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def trap():
    trap = http.server.ThreadingHTTPServer(("127.0.0.1", 0), FakeHTTPTrap)
    trap.bodies, trap.complaints, trap.busy = [], [], 0
    trap.url = f"http://127.0.0.1:{trap.server_port}/module/httptrap/{SECRET}"
    threading.Thread(target=trap.serve_forever, daemon=True).start()
    yield trap
    trap.shutdown()
    assert trap.complaints == []


@pytest.fixture(scope="module")
def go_histogram(tmp_path_factory):
    folder = tmp_path_factory.mktemp("go")
    (folder / "main.go").write_text(GO)
    environment = {
        **os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(folder / "cache"),
    }
    subprocess.run([require("go"), "build", "-o", folder / "read", folder / "main.go"], env=environment, check=True)

    def read(texts):
        done = subprocess.run([folder / "read"], input=json.dumps(texts), capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return read


def test_read_back(trap, go_histogram):
    recorded = Probe("circonus", "once", trap.url).result()
    assert_books_balance(recorded)
    assert recorded["dropped"] == 0
    metrics = {name: metric["_value"] for body in trap.bodies for name, metric in body.items()}
    for method in ("GET", "POST"):
        assert metrics[f"probe.requests|ST[host:probe,method:{method}]"] == recorded[method]
    assert metrics["probe.temperature|ST[host:probe]"] == -3.5
    assert metrics["probe.latency.count|ST[host:probe]"] == recorded["count"] == 12_345
    assert metrics["probe.latency.sum|ST[host:probe]"] == pytest.approx(recorded["sum"], rel=1e-12)
    latency = {name: metrics[f"probe.latency.{name}|ST[host:probe]"] for name in ("p50", "p90", "p95", "p99")}
    assert_quantiles(latency, recorded)

    texts = metrics["probe.latency|ST[host:probe]"]
    assert sum(int(text.split("=")[1]) for text in texts) == 12_345
    circonus = go_histogram(texts)
    assert circonus["texts"] == texts
    assert circonus["mean"] == pytest.approx(recorded["sum"] / recorded["count"], rel=0.01)
    for found, name in zip(circonus["quantiles"], ("p50", "p90", "p95", "p99")):
        assert found == pytest.approx(recorded[name], rel=0.01)


def test_odd_labels(trap):
    Probe("circonus", "once", trap.url).result()
    odd = {}
    for name, metric in trap.bodies[0].items():
        if name.startswith("probe.odd|ST["):
            part = name.split("text:", 1)[1][:-1]
            encoded = re.fullmatch(r'b"(.*)"', part)
            odd[base64.b64decode(encoded[1]).decode() if encoded else part] = metric["_value"]
    assert odd == {text: place for place, text in enumerate(ODD_TEXTS)}


def test_a_busy_broker_is_asked_again_and_sums_go_on(trap):
    trap.busy = 3
    probe = Probe("circonus", "steady", 3, trap.url)
    recorded = probe.result()
    assert_books_balance(recorded)
    assert recorded["dropped"] == 0 and recorded["exported"] == len(trap.bodies) > 5
    sums = [body["probe.requests|ST[host:probe,method:GET]"]["_value"] for body in trap.bodies]
    assert sums == sorted(sums) and sums[-1] == recorded["increments"]
    assert "503" in probe.trouble and "s3cr3t" not in probe.trouble, "the secret is in no log"


def test_a_wrong_secret_is_told_and_counted(trap):
    probe = Probe("circonus", "once", trap.url + "x")
    recorded = probe.result()
    assert recorded["exported"] == 0 and recorded["dropped"] == recorded["recorded"] > 0
    assert "403" in probe.trouble and "secret mismatch" in probe.trouble and "s3cr3t" not in probe.trouble
