# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Spans on their way to a backend that fails in every way that it may: nothing is lost that is not in the books."""

import json
import os
import signal
import subprocess
import time

import pytest

from conftest import Collector, eventually, free_port, program
from otlp_fake import FakeOTLPCollector, http_date


class Probe:
    """ReporterProbe at work; each line of its output is a reading of its books."""

    def __init__(self, folder, spans, rate, **environment):
        self.path = folder / f"books-{time.monotonic_ns()}"
        self.log = folder / f"{self.path.name}.log"
        self.process = subprocess.Popen(
            [program("ReporterProbe"), str(spans), str(rate)],
            env={**os.environ, "OTEL_BSP_SCHEDULE_DELAY": "100", **environment},
            stdout=open(self.path, "w"),
            stderr=open(self.log, "w"),
        )

    def readings(self):
        lines = self.path.read_text().split("\n")[:-1]  # behind the last newline may be the beginning of a line
        return [json.loads(line) for line in lines]

    def books(self):
        readings = self.readings()
        return readings[-1] if readings else {}

    def wait_for(self, seconds=60, **expected):
        """Waits for a reading in which these numbers are these."""
        eventually(
            lambda: all(self.books().get(key) == value for key, value in expected.items()),
            seconds,
            f"{expected} in {self.books()}",
        )

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        assert self.process.wait(timeout=30) == 0, self.log.read_text()
        return self.books()

    def kill(self):
        self.process.kill()
        self.process.wait()


def assert_balanced(probe):
    """At every reading, every span that began is somewhere."""
    readings = probe.readings()
    assert readings
    for books in readings:
        assert books["started"] == books["made"], books
        assert books["started"] == books["finished"] + books["forgotten"] + books["active"], books
        recorded = books["finished"] - books.get("sampled_out", 0) - books.get("buffered", 0)
        assert books["recorded"] == recorded, books
        delivered = books["exported"] + books["dropped"] + books["queued"]
        assert books["recorded"] + books.get("recovered", 0) == delivered, books


def stored_numbers(collector):
    traces = collector.get("traces", serviceName="reporter-probe", limit=100_000, lookback=3_600_000)
    return [int(span["tags"]["number"]) for trace in traces for span in trace]


@pytest.fixture
def fake():
    fakes = []

    def start(*script):
        fakes.append(FakeOTLPCollector(*script))
        return fakes[-1]

    yield start
    for each in fakes:
        each.close()


def otlp(fake, **environment):
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": fake.url, **environment}


def test_a_collector_that_is_killed_and_comes_back_loses_no_span_that_has_room(tmp_path):
    port = free_port()
    collector = Collector(tmp_path / "data", port=port)
    probe = Probe(tmp_path, 2000, 400, OTEL_EXPORTER_ZIPKIN_ENDPOINT=collector.spans_url)
    eventually(lambda: probe.books().get("exported", 0) > 100, what="the first batches")
    collector.kill()
    eventually(lambda: probe.books()["queued"] > 500, what="a queue")
    collector = Collector(tmp_path / "data", port=port)
    probe.wait_for(finished=2000, exported=2000, queued=0, dropped=0)
    books = probe.stop()
    assert_balanced(probe)
    assert books["exported"] == 2000
    assert sorted(set(stored_numbers(collector))) == list(range(2000))
    assert collector.stop() == 0


def test_under_load_and_an_outage_the_books_of_tracer_and_reporter_agree(tmp_path):
    port = free_port()
    collector = Collector(tmp_path / "data", port=port)
    environment = {
        "OTEL_EXPORTER_ZIPKIN_ENDPOINT": collector.spans_url,
        "OTEL_TRACES_SAMPLER": "traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": "0.5",
        "OTEL_BSP_MAX_QUEUE_SIZE": "500",
        "PROBE_FORGET": "1",
    }
    probe = Probe(tmp_path, 8000, 2000, **environment)
    eventually(lambda: probe.books().get("exported", 0) > 100, what="the first batches")
    collector.kill()
    eventually(lambda: probe.books()["dropped"] > 100, what="a full queue")
    collector = Collector(tmp_path / "data", port=port)
    probe.wait_for(made=8000, queued=0)
    books = probe.stop()
    assert_balanced(probe)
    assert books["active"] == 0
    assert books["finished"] + books["forgotten"] == 8000
    assert 100 < books["forgotten"] < 300, "one of twenty, of those that are sampled: the half"
    assert 3000 < books["sampled_out"] < 5000
    assert books["exported"] + books["dropped"] == books["finished"] - books["sampled_out"]
    numbers = stored_numbers(collector)
    assert len(set(numbers)) == books["exported"]
    assert all(number % 20 != 5 for number in numbers)
    assert collector.stop() == 0


def test_a_small_queue_drops_and_counts_what_finds_no_room(tmp_path):
    port = free_port()
    collector = Collector(tmp_path / "data", port=port)
    environment = {"OTEL_EXPORTER_ZIPKIN_ENDPOINT": collector.spans_url, "OTEL_BSP_MAX_QUEUE_SIZE": "100"}
    probe = Probe(tmp_path, 3000, 600, **environment)
    eventually(lambda: probe.books().get("exported", 0) > 100, what="the first batches")
    collector.kill()
    eventually(lambda: probe.books()["dropped"] > 100, what="a full queue")
    collector = Collector(tmp_path / "data", port=port)
    probe.wait_for(finished=3000, queued=0)
    books = probe.stop()
    assert_balanced(probe)
    assert len(set(stored_numbers(collector))) == books["exported"] == 3000 - books["dropped"]
    assert collector.stop() == 0


def test_with_a_spool_an_outage_and_a_kill_of_the_service_drop_nothing(tmp_path):
    port = free_port()
    collector = Collector(tmp_path / "data", port=port)
    environment = {
        "OTEL_EXPORTER_ZIPKIN_ENDPOINT": collector.spans_url,
        "PROBE_SPOOL": str(tmp_path / "spool"),
        "OTEL_BSP_MAX_QUEUE_SIZE": "200",  # without a spool most would be dropped
    }
    first = Probe(tmp_path, 2000, 1000, **environment)
    eventually(lambda: first.books().get("exported", 0) > 100, what="the first batches")
    collector.kill()
    first.wait_for(finished=2000)
    time.sleep(1)  # what is not in the spool when the service is killed would be lost: the last 0.1 s
    exported = first.books()["exported"]
    first.kill()
    assert_balanced(first)
    assert first.books()["dropped"] == 0
    assert first.books()["queued"] == 2000 - exported

    second = Probe(tmp_path, 1000, 1000, **environment)
    second.wait_for(finished=1000, recovered=2000 - exported, queued=3000 - exported)
    collector = Collector(tmp_path / "data", port=port)
    second.wait_for(exported=3000 - exported, queued=0)
    books = second.stop()
    assert_balanced(second)
    assert books["dropped"] == first.books()["dropped"] == 0
    numbers = stored_numbers(collector)
    assert sorted(set(numbers)) == list(range(2000))
    assert sum(1 for number in numbers if number < 1000) == 2000, "the thousand of the second process, too"
    assert not list((tmp_path / "spool").rglob("*.spool"))
    assert collector.stop() == 0


def test_with_a_spool_a_service_that_ends_during_an_outage_leaves_its_spans_to_the_next(tmp_path):
    port = free_port()
    environment = {
        "OTEL_EXPORTER_ZIPKIN_ENDPOINT": f"http://127.0.0.1:{port}/api/v2/spans",
        "PROBE_SPOOL": str(tmp_path / "spool"),
    }
    first = Probe(tmp_path, 500, 2000, **environment)
    first.wait_for(finished=500)
    books = first.stop()
    assert_balanced(first)
    assert (books["dropped"], books["queued"]) == (0, 500)
    collector = Collector(tmp_path / "data", port=port)
    second = Probe(tmp_path, 0, 100, **environment)
    second.wait_for(recovered=500, exported=500)
    second.stop()
    assert sorted(stored_numbers(collector)) == list(range(500))
    assert collector.stop() == 0


@pytest.mark.parametrize("ending", ["graceful", "cancelled"])
def test_what_waits_at_the_end_is_sent(tmp_path, collector, ending):
    environment = {"OTEL_EXPORTER_ZIPKIN_ENDPOINT": collector.spans_url, "OTEL_BSP_SCHEDULE_DELAY": "3600000"}
    if ending == "cancelled":
        environment["PROBE_CANCEL"] = "1"
    probe = Probe(tmp_path, 300, 6000, **environment)
    if ending == "graceful":
        probe.wait_for(finished=300)
        probe.process.send_signal(signal.SIGINT)
    assert probe.process.wait(timeout=30) == 0
    assert_balanced(probe)
    assert probe.books()["exported"] == 300
    assert sorted(stored_numbers(collector)) == list(range(300))


def test_tail_sampling_keeps_the_errors_and_counts_the_others(tmp_path, collector):
    probe = Probe(tmp_path, 500, 2000, OTEL_EXPORTER_ZIPKIN_ENDPOINT=collector.spans_url, PROBE_TAIL="1")
    probe.wait_for(finished=500, exported=50)
    books = probe.stop()
    assert_balanced(probe)
    assert books["sampled_out"] == 450
    assert sorted(stored_numbers(collector)) == list(range(0, 500, 10))


@pytest.mark.parametrize("protocol", ["http/protobuf", "http/json"])
@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_opentelemetry_s_own_code_reads_what_is_sent(tmp_path, fake, protocol, compression):
    backend = fake()
    environment = otlp(backend, OTEL_EXPORTER_OTLP_PROTOCOL=protocol, OTEL_EXPORTER_OTLP_COMPRESSION=compression)
    probe = Probe(tmp_path, 200, 4000, **environment)
    probe.wait_for(exported=200)
    probe.stop()
    assert_balanced(probe)
    assert sorted(backend.taken()) == list(range(200))
    _, path, kind, encoding, _, _ = max(backend.requests, key=lambda request: len(request[5]))
    assert path == "/v1/traces"
    assert kind == {"http/protobuf": "application/x-protobuf", "http/json": "application/json"}[protocol]
    assert encoding == {"none": None, "gzip": "gzip"}[compression]


@pytest.mark.parametrize("protocol", ["http/protobuf", "http/json"])
def test_a_partial_success_is_counted_and_told_once(tmp_path, fake, protocol):
    backend = fake(("partial", 3, "too old"), ("partial", 4, "too old"))
    environment = otlp(backend, OTEL_EXPORTER_OTLP_PROTOCOL=protocol, OTEL_BSP_MAX_EXPORT_BATCH_SIZE="50")
    probe = Probe(tmp_path, 200, 4000, **environment)
    probe.wait_for(finished=200, queued=0)
    books = probe.stop()
    assert_balanced(probe)
    assert (books["exported"], books["dropped"]) == (193, 7)
    assert probe.log.read_text().count("too old") == 1


@pytest.mark.parametrize("as_date", [False, True])
def test_a_busy_backend_is_left_alone_for_as_long_as_it_says(tmp_path, fake, as_date):
    backend = fake((429, http_date(4) if as_date else "2"), 503)
    probe = Probe(tmp_path, 50, 4000, **otlp(backend))
    probe.wait_for(exported=50)
    probe.stop()
    assert_balanced(probe)
    assert [request[4] for request in backend.requests][:3] == [429, 503, 200]
    first, second = backend.requests[0][0], backend.requests[1][0]
    assert second - first >= 1.9, "and a date has whole seconds"
    assert sorted(backend.taken()) == list(range(50))


def test_a_batch_that_is_too_large_is_halved_until_it_fits(tmp_path, fake):
    backend = fake(("at most", 20))
    probe = Probe(tmp_path, 200, 4000, **otlp(backend))
    probe.wait_for(exported=200)
    books = probe.stop()
    assert_balanced(probe)
    assert books["dropped"] == 0
    assert 413 in [request[4] for request in backend.requests]
    assert sorted(backend.taken()) == list(range(200)), "each once"


def test_what_is_bad_for_good_is_dropped_and_not_sent_again(tmp_path, fake):
    backend = fake(400, 500)
    probe = Probe(tmp_path, 150, 4000, **otlp(backend, OTEL_BSP_MAX_EXPORT_BATCH_SIZE="50"))
    probe.wait_for(finished=150, queued=0)
    books = probe.stop()
    assert_balanced(probe)
    numbers = [number for request in backend.requests for number in request[5]]
    assert sorted(numbers) == list(range(150)), "each once"
    lost = [number for request in backend.requests if request[4] != 200 for number in request[5]]
    assert books["dropped"] == len(lost) > 0


def test_several_exporters_get_every_span(tmp_path, fake, collector):
    backend = fake()
    environment = otlp(backend, OTEL_TRACES_EXPORTER="zipkin,otlp,console")
    probe = Probe(tmp_path, 100, 4000, OTEL_EXPORTER_ZIPKIN_ENDPOINT=collector.spans_url, **environment)
    probe.wait_for(finished=100, exported=200)
    probe.stop()
    assert sorted(backend.taken()) == sorted(stored_numbers(collector)) == list(range(100))
    assert probe.log.read_text().count("GET /orders/{id}") == 100


def test_grpc_is_not_there_and_a_warning_says_so(tmp_path, fake):
    backend = fake()
    probe = Probe(tmp_path, 10, 4000, **otlp(backend, OTEL_EXPORTER_OTLP_PROTOCOL="grpc"))
    probe.wait_for(exported=10)
    probe.stop()
    assert "OTEL_EXPORTER_OTLP_PROTOCOL=grpc is not understood" in probe.log.read_text()
    assert {request[2] for request in backend.requests} == {"application/x-protobuf"}
