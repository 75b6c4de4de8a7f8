# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Prometheus reads what PrometheusServer serves: as text, as OpenMetrics, and as protobuf."""

import http.server
import json
import statistics
import subprocess
import threading

import prometheus_client.openmetrics.parser
import prometheus_client.parser
import pytest
import requests

import metrics_proto
from conftest import Service, eventually, free_port, program, require
from prometheus import Prometheus

SAMPLES = 12_345
NORMAL = statistics.NormalDist(500, 25)
OPENMETRICS = "application/openmetrics-text"
PROTOBUF = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"
ODD = 'a"b\\c\nd é'


@pytest.fixture
def probe(tmp_path):
    port = free_port()
    probe = Service([program("ExporterProbe"), "prometheus", str(port)], port, "/metrics", log=tmp_path / "probe.log")
    yield probe
    assert probe.stop() == 0


def recorded(probe):
    """What the probe says at its end."""
    assert probe.stop() == 0
    return json.loads(probe.output().splitlines()[-1])


def scrape(probe, accept=None):
    answer = requests.get(probe.url + "/metrics", headers={"Accept": accept}, timeout=5)
    assert answer.status_code == 200
    return answer


def by_bound(buckets):
    return {float(dict(labels)["le"]): count for labels, count in buckets.items()}


def check_buckets(cumulative):
    """Counts up to each bound (infinity included) are those of N(500, 25), give or take a quarter."""
    assert len(cumulative) == 22
    assert cumulative[float("inf")] == SAMPLES
    for bound, count in cumulative.items():
        expected = SAMPLES * NORMAL.cdf(bound)
        assert abs(count - expected) <= max(0.25 * expected, 5), bound


def check_requests(counts, probe):
    said = recorded(probe)
    assert counts == {frozenset({("method", method)}): said[method] for method in ("GET", "POST")}


# Other readers


def test_promtool_finds_nothing_wrong_with_the_text(probe):
    answer = scrape(probe)
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    check = subprocess.run([require("promtool"), "check", "metrics"], input=answer.content, capture_output=True)
    assert (check.returncode, check.stdout, check.stderr) == (0, b"", b"")


def test_all_formats_say_the_same_to_prometheus_client_and_to_protobuf(probe):
    text = {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in prometheus_client.parser.text_string_to_metric_families(scrape(probe).text)
        for sample in family.samples
    }
    strict = list(prometheus_client.openmetrics.parser.text_string_to_metric_families(scrape(probe, OPENMETRICS).text))
    assert {(family.name, family.type, family.unit) for family in strict} >= {
        ("probe_requests", "counter", ""), ("probe_build", "info", ""), ("probe_odd_bytes", "gauge", "bytes"),
        ("probe_latency", "histogram", ""), ("probe_change", "histogram", ""),
    }
    openmetrics = {
        (sample.name, frozenset(sample.labels.items())): sample.value for family in strict for sample in family.samples
    }
    protobuf = metrics_proto.families(scrape(probe, PROTOBUF).content)

    assert text["probe_odd_bytes", frozenset({("odd_value", ODD)})] == 0.5
    assert text["probe_build_info", frozenset({("version", "1.2")})] == 1
    assert text["probe_latency_count", frozenset()] == SAMPLES
    plain = {key: value for key, value in text.items() if not key[0].startswith(("probe_latency", "probe_change"))}
    assert len(plain) >= 8
    for (name, labels), value in plain.items():
        assert openmetrics[name, labels] == value
        metric = next(m for m in protobuf[name].metric if {(p.name, p.value) for p in m.label} == labels)
        assert (metric.counter.value if protobuf[name].type == 0 else metric.gauge.value) == value
    histogram = protobuf["probe_latency"].metric[0].histogram
    assert histogram.sample_sum == text["probe_latency_sum", frozenset()]
    classic = {bucket.upper_bound: bucket.cumulative_count for bucket in histogram.bucket}
    for samples in (text, openmetrics):
        buckets = {labels: value for (name, labels), value in samples.items() if name == "probe_latency_bucket"}
        assert classic == by_bound(buckets)
    check_buckets(classic)


def test_exemplars_are_read_by_prometheus_client_and_by_protobuf(probe):
    families = prometheus_client.openmetrics.parser.text_string_to_metric_families(scrape(probe, OPENMETRICS).text)
    latency = next(family for family in families if family.name == "probe_latency")
    read = {float(s.labels["le"]): s.exemplar for s in latency.samples if s.name.endswith("_bucket") and s.exemplar}
    buckets = metrics_proto.families(scrape(probe, PROTOBUF).content)["probe_latency"].metric[0].histogram.bucket
    assert 10 < len(read) == sum(bucket.HasField("exemplar") for bucket in buckets)
    for bucket in buckets:
        if bucket.HasField("exemplar"):
            exemplar = read[bucket.upper_bound]
            labels = {"trace_id": "0000000000000001000000000000beef", "span_id": "000000000000cafe"}
            assert exemplar.labels == labels == {pair.name: pair.value for pair in bucket.exemplar.label}
            assert bucket.upper_bound - 10 < exemplar.value == bucket.exemplar.value <= bucket.upper_bound
            assert exemplar.timestamp.sec == bucket.exemplar.timestamp.seconds
            assert exemplar.timestamp.nsec == bucket.exemplar.timestamp.nanos


# Prometheus


def test_prometheus_asks_for_openmetrics_and_keeps_exemplars(probe, tmp_path):
    with Prometheus(tmp_path, probe, "--enable-feature=exemplar-storage") as prometheus:
        assert prometheus.unit("probe_odd_bytes") == "bytes"  # only OpenMetrics tells units
        assert prometheus.value("probe_odd_bytes", odd_value=ODD) == 0.5
        assert prometheus.value("probe_build_info", version="1.2") == 1
        assert prometheus.value("probe_temperature") == -3.5
        assert prometheus.value("probe_change_bucket", le="0.0") == 1
        assert prometheus.value("probe_change_bucket", le="2.5e+06") == 1
        check_buckets(by_bound(prometheus.values("probe_latency_bucket")))
        exemplars = eventually(lambda: prometheus.exemplars("probe_latency_bucket"), what="exemplars")
        assert len(exemplars) > 10
        assert {exemplar["labels"]["trace_id"] for exemplar in exemplars} == {"0000000000000001000000000000beef"}
        assert {exemplar["labels"]["span_id"] for exemplar in exemplars} == {"000000000000cafe"}
        requests_by_method = prometheus.values("probe_requests_total")
    check_requests(requests_by_method, probe)


def test_prometheus_keeps_native_histograms_from_protobuf(probe, tmp_path):
    with Prometheus(tmp_path, probe, "--enable-feature=native-histograms,exemplar-storage") as prometheus:
        assert prometheus.value("histogram_count(probe_latency)") == SAMPLES
        assert prometheus.value("histogram_sum(probe_latency)") == pytest.approx(SAMPLES * 500, rel=0.01)
        for rank in (0.5, 0.9, 0.95, 0.99):
            # Each bucket is 9 % wide (schema 3), and the value within it is guessed.
            quantile = prometheus.value(f"histogram_quantile({rank}, probe_latency)")
            assert quantile == pytest.approx(NORMAL.inv_cdf(rank), rel=0.045)
        assert prometheus.values("probe_latency_bucket") == {}
        assert prometheus.value("probe_change_bucket", le="0.0") == 1  # declared without native buckets
        assert prometheus.value("probe_odd_bytes", odd_value=ODD) == 0.5
        # Of one series Prometheus 2.42 keeps only what comes in the order of time, and buckets do not.
        exemplar, *_ = eventually(lambda: prometheus.exemplars("probe_latency"), what="an exemplar")
        assert exemplar["labels"]["trace_id"] == "0000000000000001000000000000beef"
        requests_by_method = prometheus.values("probe_requests_total")
    check_requests(requests_by_method, probe)


def test_a_prometheus_that_reads_only_text_gets_text(probe, tmp_path):
    with TextOnlyProxy(probe) as proxy:
        with Prometheus(tmp_path, proxy) as prometheus:
            assert prometheus.unit("probe_odd_bytes") == ""
            assert prometheus.value("probe_odd_bytes", odd_value=ODD) == 0.5
            assert prometheus.value("probe_build_info", version="1.2") == 1
            assert prometheus.value("probe_change_count") == 1
            assert prometheus.value("probe_change_bucket", le="2500000") == 1
            check_buckets(by_bound(prometheus.values("probe_latency_bucket")))
            requests_by_method = prometheus.values("probe_requests_total")
    check_requests(requests_by_method, probe)


class TextOnlyProxy(http.server.ThreadingHTTPServer):
    """Stands for a scraper that is older than OpenMetrics: hands a scrape on without its Accept."""

    def __init__(self, target):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                answer = requests.get(target.url + self.path, timeout=5)
                self.send_response(answer.status_code)
                self.send_header("Content-Type", answer.headers["Content-Type"])
                self.end_headers()
                self.wfile.write(answer.content)

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.port = self.server_port

    def __enter__(self):
        threading.Thread(target=self.serve_forever).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
