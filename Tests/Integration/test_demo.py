# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""make demo, as README tells a newcomer to run it, watched by Prometheus' API and the collector's."""

import os
import subprocess
import time

import requests

from conftest import ROOT, eventually, free_port


def test_the_demo_shows_what_it_promises_and_leaves_nothing_running():
    ports = {name: free_port() for name in ("COLLECTOR", "FRONT", "BACK", "PROMETHEUS")}
    environment = {**os.environ, **{f"DEMO_{name}_PORT": str(port) for name, port in ports.items()}}
    demo = subprocess.Popen(
        ["make", "demo", "DEMO_SECONDS=60"], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    try:
        url = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        eventually(lambda: requests.get(url["PROMETHEUS"] + "/-/ready", timeout=2).ok, 1800, "the demo's start")
        eventually(lambda: scrapes_all(url["PROMETHEUS"]), 30, "up == 1 for all three")
        eventually(lambda: counts_requests(url["PROMETHEUS"]), 30, "requests of both services in Prometheus")
        eventually(lambda: lists_both_services(url["COLLECTOR"]), 30, "both services in the collector")
        eventually(lambda: has_link(url["COLLECTOR"]), 30, "the link between them")
        eventually(lambda: has_failed_trace(url["COLLECTOR"]), 45, "a trace with an error")
        output, _ = demo.communicate(timeout=120)
        assert demo.returncode == 0, output
        for name in ("COLLECTOR", "PROMETHEUS", "FRONT"):
            assert url[name] in output
    finally:
        demo.kill()
    time.sleep(0.5)
    left = subprocess.run(["pgrep", "-af", f"127.0.0.1:{ports['COLLECTOR']}"], capture_output=True, text=True).stdout
    assert not left


def query(prometheus, expression):
    answer = requests.get(prometheus + "/api/v1/query", params={"query": expression}, timeout=5).json()
    return {sample["metric"].get("job"): float(sample["value"][1]) for sample in answer["data"]["result"]}


def scrapes_all(prometheus):
    return query(prometheus, "up") == {"stringsvc-front": 1, "stringsvc-back": 1, "collector": 1}


def counts_requests(prometheus):
    counts = query(prometheus, "sum by (job) (http_server_requests_total)")
    return counts.get("stringsvc-front", 0) > 0 and counts.get("stringsvc-back", 0) > 0


def lists_both_services(collector):
    return requests.get(collector + "/api/v2/services", timeout=5).json() == ["stringsvc-back", "stringsvc-front"]


def has_link(collector):
    end = int(time.time() * 1000)
    links = requests.get(collector + f"/api/v2/dependencies?endTs={end}&lookback={end}", timeout=5).json()
    return [(link["parent"], link["child"]) for link in links] == [("stringsvc-front", "stringsvc-back")]


def has_failed_trace(collector):
    parameters = {"serviceName": "stringsvc-front", "annotationQuery": "error"}
    return len(requests.get(collector + "/api/v2/traces", params=parameters, timeout=5).json()) > 0
