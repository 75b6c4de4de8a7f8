# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""A 202 means that the spans survive a kill of the process, whenever it comes."""

import random
import sqlite3
import threading
import time

import requests

from conftest import Collector


def post(collector, acknowledged, number):
    """Posts traces of 20 spans until the collector dies; keeps the ids of those that were acknowledged."""
    session = requests.Session()
    batch = 0
    while True:
        batch += 1
        trace = f"{number:08x}{batch:08x}"
        spans = [
            {"traceId": trace, "id": f"{span:016x}", "name": "load", "timestamp": time.time_ns() // 1000, "duration": 5,
             "localEndpoint": {"serviceName": f"service-{number}"}, "tags": {"batch": str(batch)}}
            for span in range(1, 21)
        ]
        try:
            if session.post(collector.spans_url, json=spans, timeout=5).status_code == 202:
                acknowledged.append(trace)
        except requests.RequestException:
            return


def test_acknowledged_spans_survive_kill_9(tmp_path):
    seed = random.randrange(1 << 30)
    generator = random.Random(seed)
    folder = tmp_path / "data"
    acknowledged = []
    for round in range(5):
        collector = Collector(folder)
        senders = [
            threading.Thread(target=post, args=(collector, acknowledged, round * 10 + number)) for number in range(1, 5)
        ]
        for sender in senders:
            sender.start()
        time.sleep(generator.uniform(0.2, 0.8))
        collector.kill()
        for sender in senders:
            sender.join()

    collector = Collector(folder)
    try:
        assert len(acknowledged) > 100, f"seed {seed}: too few spans to tell anything"
        missing = [trace for trace in acknowledged if not is_stored(collector, trace)]
        assert not missing, f"seed {seed}: {len(missing)} of {len(acknowledged)} acknowledged traces are not whole"
    finally:
        assert collector.stop() == 0
    check = sqlite3.connect(folder / "spans.sqlite").execute("PRAGMA integrity_check").fetchone()
    assert check == ("ok",)


session = requests.Session()


def is_stored(collector, trace):
    answer = session.get(f"{collector.url}/api/v2/trace/{trace}", timeout=5)
    return answer.status_code == 200 and len(answer.json()) == 20
