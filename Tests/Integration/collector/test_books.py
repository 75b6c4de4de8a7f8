# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Of every span that came it is said what became of it: received = stored + sampled out + rejected + failed."""

import itertools
import json
import random
import threading
import time

import pytest
import requests

from conftest import Collector, metric
from load import SPANS_PER_TRACE, Reader, Sender, otlp_post, zipkin_post
from small_disk import SmallDisk

RATE = 0.5
MOST_SPANS = 1000
INVALID = 7
SEED = random.randrange(1 << 30)


@pytest.fixture
def disk():
    disk = SmallDisk(96 << 20)
    yield disk
    disk.close()


def is_sampled(trace):
    """Zipkin's rule."""
    low = trace - (1 << 64) if trace >= 1 << 63 else trace
    return abs(low) <= (2**63 - 1) * RATE


def otlp_post_with_invalid_spans(trace):
    path, body = otlp_post(trace)
    request = json.loads(body)
    request["resourceSpans"][0]["scopeSpans"][0]["spans"] += [{"traceId": "", "spanId": "", "name": "invalid"}] * INVALID
    return path, json.dumps(request)


def post_of_no_spans(trace):
    return "/api/v2/spans", f'[{{"traceId":"{trace:x}"'


def random_ids(number):
    chance = random.Random(f"{SEED} {number}")
    return (chance.randrange(1, 1 << 64) for _ in itertools.count())


class Scraper(threading.Thread):
    """Reads the books again and again; keeps those that do not balance."""

    def __init__(self, collector):
        super().__init__(daemon=True)
        self.collector = collector
        self.unbalanced = []
        self.count = 0
        self.stopped = threading.Event()
        self.start()

    def run(self):
        while not self.stopped.wait(0.05):
            books = read_books(self.collector)
            self.count += 1
            if books["received"] != sum(books.values()) - books["received"]:
                self.unbalanced.append(books)

    def stop(self):
        self.stopped.set()
        self.join()


def read_books(collector):
    """What the collector says of the spans that came, in one scrape."""
    text = requests.get(collector.url + "/metrics", timeout=10).text
    books = dict.fromkeys(["received", "stored", "sampled_out", "rejected", "failed"], 0)
    for line in text.splitlines():
        name = line.split("{")[0].split(" ")[0].removeprefix("wingbeat_collector_spans_").removesuffix("_total")
        if line.startswith("wingbeat_collector_spans_") and name in books:
            books[name] += int(float(line.rsplit(" ", 1)[1]))
    return books


def test_the_books_balance_under_a_mixed_load_with_a_full_disk(disk, tmp_path):
    collector = Collector(
        disk.folder, "--sample-rate", str(RATE), "--max-trace-spans", str(MOST_SPANS), log=tmp_path / "collector.log", enter=disk.enter
    )
    scraper = Scraper(collector)
    large = next(trace for trace in random_ids("large") if is_sampled(trace))
    zipkin = Sender(collector.port, random_ids("zipkin"), zipkin_post)
    otlp = Sender(collector.port, random_ids("otlp"), otlp_post_with_invalid_spans)
    broken = Sender(collector.port, random_ids("broken"), post_of_no_spans)
    # Spans with the same ids and other times: they are different spans of one trace.
    one_trace = Sender(collector.port, itertools.repeat(large), zipkin_post)
    senders = [zipkin, otlp, broken, one_trace]
    time.sleep(1.5)
    disk.fill()
    time.sleep(1)
    disk.free()
    time.sleep(1)
    for sender in senders:
        sender.stop()
        assert not sender.unanswered, f"seed {SEED}"
    scraper.stop()
    assert scraper.count > 10 and not scraper.unbalanced, f"seed {SEED}: {scraper.unbalanced[:3]}"

    books = read_books(collector)
    refused = {sender: sum(count for status, (count, _) in sender.refused.items() if status == 503) for sender in senders}
    assert set(broken.refused) == {400} and not broken.acknowledged
    assert sum(refused.values()) > 0, "the disk was not full long enough to tell anything"
    posts = {sender: len(sender.acknowledged) + refused[sender] for sender in (zipkin, otlp, one_trace)}
    assert books["received"] == SPANS_PER_TRACE * sum(posts.values()) + INVALID * posts[otlp], (books, posts)

    kept = [trace for trace in zipkin.acknowledged + otlp.acknowledged if is_sampled(trace)]
    left_out = [trace for trace in zipkin.acknowledged + otlp.acknowledged if not is_sampled(trace)]
    reader = Reader(collector.port)
    assert kept and left_out and len(one_trace.acknowledged) * SPANS_PER_TRACE > 2 * MOST_SPANS
    assert not reader.flaws(kept)
    assert not [trace for trace in left_out if reader.span_ids(trace)]
    stored_of_large = len(reader.span_ids(large))
    assert MOST_SPANS <= stored_of_large < 2 * MOST_SPANS
    assert books["stored"] == SPANS_PER_TRACE * len(kept) + stored_of_large
    assert books["sampled_out"] >= SPANS_PER_TRACE * len(left_out)
    collector.stop()
