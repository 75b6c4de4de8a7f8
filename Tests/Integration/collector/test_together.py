# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Spans come at full speed, are asked for and are deleted for want of room, all at once; the sums are right."""

import random
import threading

import requests

import fast_sender
from conftest import Collector, eventually

SECONDS = 12
ROOM = 10_000_000
QUERIES = [
    "/api/v2/services", "/api/v2/spans?serviceName=frontend", "/api/v2/remoteServices?serviceName=catalogue",
    "/api/v2/traces?serviceName=payment&annotationQuery=error&limit=20", "/api/v2/traces?limit=50", "/api/status", "/metrics",
    "/api/v2/traces?serviceName=checkout&minDuration=200000&lookback=3600000&limit=10",
]


class Asker(threading.Thread):
    """Asks one thing after the other, traces that were sent among them; keeps answers that are wrong."""

    def __init__(self, collector, sender, seed):
        super().__init__(daemon=True)
        self.url = collector.url
        self.sender = sender
        self.chance = random.Random(seed)
        self.wrong = []
        self.count = 0
        self.stopped = threading.Event()
        self.start()

    def run(self):
        session = requests.Session()
        while not self.stopped.is_set():
            path = self.chance.choice(QUERIES) if self.chance.random() < 0.5 else self._trace()
            answer = session.get(self.url + path, timeout=30)
            self.count += 1
            # A trace may be deleted already, or only in part where it lies in two files.
            if answer.status_code not in ((200, 404) if "/trace/" in path else (200,)):
                self.wrong.append(f"{path}: {answer.status_code} {answer.text[:200]}")

    def _trace(self):
        sent = self.sender.lines[-1]["spans"] // fast_sender.TRACE_SPANS if self.sender.lines else 1
        return f"/api/v2/trace/{fast_sender.trace_id(self.sender.seed, self.chance.randrange(max(sent, 1)))}"

    def stop(self):
        self.stopped.set()
        self.join()


def test_spans_add_up_while_they_come_are_asked_for_and_deleted(tmp_path):
    posts = fast_sender.prepare(tmp_path)
    collector = Collector(tmp_path / "data", "--max-bytes", str(ROOM), log=tmp_path / "collector.log")
    sender = fast_sender.send(posts, collector, seconds=SECONDS)
    askers = [Asker(collector, sender, seed) for seed in range(3)]
    acknowledged = sender.result()["spans"]
    for asker in askers:
        asker.stop()
        assert asker.count > 20 and not asker.wrong, asker.wrong[:5]

    def settled():
        status = requests.get(collector.url + "/api/status", timeout=10).json()
        return status["store"]["bytes"] <= ROOM and status
    status = eventually(settled, what=f"a store of at most {ROOM} bytes")
    assert status["spans"]["stored"] == acknowledged
    evicted = status["store"]["evictedSpans"]
    assert evicted > 0, "nothing was deleted, so nothing can be told"
    assert status["store"]["spans"] + evicted == acknowledged
    # Close to the end, where nothing was deleted: each trace is whole.
    last = acknowledged // fast_sender.TRACE_SPANS - 300
    for number in range(last - 200, last):
        spans = collector.get(f"trace/{fast_sender.trace_id(sender.seed, number)}")
        assert len(spans) == len({span["id"] for span in spans}) == fast_sender.TRACE_SPANS

    stored = status["store"]["spans"]
    assert collector.stop() == 0
    again = Collector(tmp_path / "data", "--max-bytes", str(ROOM))
    assert requests.get(again.url + "/api/status", timeout=10).json()["store"]["spans"] == stored
    assert again.stop() == 0
