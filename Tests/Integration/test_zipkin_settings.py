# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Zipkin's settings and operations on the running collector, asked with requests."""

import re
import subprocess
import time

import pytest
import requests
from conftest import ROOT, Service, free_port, program


class Collector(Service):
    """A collector with variables of the environment and further arguments."""

    def __init__(self, tmp_path, *arguments, **environment):
        port = free_port()
        command = [program("wingbeat"), "collector", "--listen", f"127.0.0.1:{port}", "--data", str(tmp_path / "data")]
        ports = ["--otlp-grpc", "off", "--otlp-http", "off"]
        super().__init__([*command, *ports, *arguments], port, "/health", environment, tmp_path / "collector.log")

    def post(self, *spans):
        answer = requests.post(self.url + "/api/v2/spans", json=list(spans), timeout=5)
        assert (answer.status_code, answer.content) == (202, b"")

    def get(self, path, **headers):
        return requests.get(self.url + path, headers=headers, timeout=5)


def span(trace, span_id="1", service="web", **fields):
    start = time.time_ns() // 1000
    return {"traceId": trace, "id": span_id, "timestamp": start, "localEndpoint": {"serviceName": service}, **fields}


@pytest.fixture
def start(tmp_path):
    running = []

    def start(*arguments, **environment):
        running.append(Collector(tmp_path, *arguments, **environment))
        return running[-1]

    yield start
    for collector in running:
        assert collector.stop() == 0


def test_spans_in_memory_are_bounded_and_gone_with_the_process(start, tmp_path):
    collector = start(STORAGE_TYPE="mem", MEM_MAX_SPANS="2")
    for trace in ["1", "2", "3"]:
        collector.post(span(trace))
    found = [trace[0]["traceId"] for trace in collector.get("/api/v2/traces").json()]
    assert found == ["0000000000000003", "0000000000000002"]
    assert not (tmp_path / "data").exists()
    assert "in memory until it ends, the newest 2 spans" in collector.output()
    assert "InMemorySpanStore{}" in collector.get("/health").json()["zipkin"]["details"]


def test_the_option_goes_before_the_variable(start):
    collector = start("--storage", "mem", STORAGE_TYPE="sqlite")
    assert list(collector.get("/health").json()["zipkin"]["details"]) == ["InMemorySpanStore{}"]


def test_lenient_ids_and_autocompletion(start):
    collector = start("--storage", "mem", STRICT_TRACE_ID="false", AUTOCOMPLETE_KEYS="env,app")
    long, short = "463ac35c9f6413ad48485a3953bb6124", "48485a3953bb6124"
    collector.post(span(long, tags={"env": "prod"}), span(short, "2", "db", parentId="1"))
    assert collector.get(f"/api/v2/trace/{short}").json() == collector.get(f"/api/v2/trace/{long}").json()
    assert len(collector.get(f"/api/v2/traceMany?traceIds={long},{short}").json()) == 1
    assert collector.get("/api/v2/autocompleteKeys").json() == ["app", "env"]
    assert collector.get("/api/v2/autocompleteValues?key=env").json() == ["prod"]


def test_an_answer_is_bounded_and_says_so(start):
    collector = start("--storage", "mem", "--max-answer-spans", "3")
    for trace in ["1", "2", "3"]:
        collector.post(span(trace), span(trace, "2"))
    answer = collector.get("/api/v2/traces")
    assert [trace[0]["traceId"] for trace in answer.json()] == ["0000000000000003"]
    assert answer.headers["Wingbeat-Truncated"] == "1 traces; an answer may hold 3 spans, ask for less"


def test_parts_that_are_turned_off_are_not_there(start):
    collector = start("--storage", "mem", QUERY_ENABLED="false", UI_ENABLED="false")
    assert [collector.get(path).status_code for path in ["/api/v2/services", "/", "/health"]] == [404, 404, 200]
    collector.post(span("1"))


def test_web_sites_may_read_only_where_they_are_named(start):
    collector = start("--storage", "mem", ZIPKIN_QUERY_ALLOWED_ORIGINS="https://tools.example")
    named = collector.get("/api/v2/services", Origin="https://tools.example")
    other = collector.get("/api/v2/services", Origin="https://evil.example")
    assert named.headers["Access-Control-Allow-Origin"] == "https://tools.example"
    assert "Access-Control-Allow-Origin" not in other.headers


def test_long_answers_are_compressed(start):
    collector = start("--storage", "mem")
    collector.post(span("1", service="x" * 3000))
    answer = collector.get("/api/v2/services")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.json() == ["x" * 3000]
    assert int(answer.headers["Content-Length"]) < 3000


def test_metrics_are_json_for_who_asks(start):
    collector = start("--storage", "mem")
    collector.post(span("1"), span("1", "2"))
    numbers = collector.get("/metrics", Accept="application/json").json()
    assert len(numbers) == 14
    assert numbers["counter.zipkin_collector.spans.http"] == 2
    assert "zipkin_collector_spans_total" in collector.get("/metrics").text


@pytest.mark.parametrize(
    "name, value, sentence",
    [
        ("SEARCH_ENABLED", "maybe", "SEARCH_ENABLED=maybe is neither true nor false."),
        ("STORAGE_TYPE", "mysql", "STORAGE_TYPE=mysql is not known; expected sqlite, mem, none or clickhouse://…."),
        ("QUERY_TIMEOUT", "long", "QUERY_TIMEOUT=long is not a duration such as 11s, 500ms, 2m or 0."),
    ],
)
def test_a_value_that_makes_no_sense_keeps_it_from_starting(tmp_path, name, value, sentence):
    ended = subprocess.run(
        [program("wingbeat"), "collector", "--listen", "127.0.0.1:0", "--data", str(tmp_path / "data")],
        env={name: value},
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert ended.returncode == 64
    assert f"Error: {sentence}\n" in ended.stderr


def test_every_variable_of_the_guide_is_read_by_the_code_and_every_one_read_is_in_the_guide():
    files = [
        "WingbeatCollectorServer/Zipkin/ZipkinEnvironment.swift", "WingbeatCollectorServer/Zipkin/ZipkinPageSettings.swift",
        "WingbeatCommand/ListenOptions.swift",
    ]
    source = "\n".join((ROOT / "collector" / file).read_text() for file in files)
    read = set(re.findall(r'\("([A-Z]+_[A-Z_]+)"', source))
    told = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", (ROOT / "docs/guides/zipkin.md").read_text()))
    assert told - read == {"QUERY_PORT", "LOG_LEVEL"}
    assert read - told == set()


def test_the_collector_traces_itself_and_only_its_answers(start):
    collector = start(SELF_TRACING_ENABLED="true", SELF_TRACING_TRACES_PER_SECOND="1000")
    collector.post(span("1"))
    assert collector.get("/api/v2/trace/1").status_code == 200
    assert collector.get("/api/v2/trace/2").status_code == 404
    own = "/api/v2/traces?serviceName=wingbeat-collector&spanName=get /api/v2/trace/{traceId}"
    deadline = time.monotonic() + 10
    while len(traces := collector.get(own).json()) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)  # they are stored beside the answer
    spans = sorted((only for [only] in traces), key=lambda each: each["timestamp"])
    assert [each["tags"]["url.path"] for each in spans] == ["/api/v2/trace/1", "/api/v2/trace/2"]
    assert [each["tags"]["http.response.status_code"] for each in spans] == ["200", "404"]
    assert [each["kind"] for each in spans] == ["SERVER", "SERVER"]
    names = collector.get("/api/v2/spans?serviceName=wingbeat-collector").json()
    assert all(name.startswith("get /api/v2/") for name in names)  # no post is one of them
    assert collector.get("/api/v2/services").json() == ["web", "wingbeat-collector"]


def test_the_collector_does_not_trace_itself_unless_told(start):
    collector = start()
    collector.post(span("1"))
    assert collector.get("/api/v2/trace/1").status_code == 200
    assert collector.get("/api/v2/services").json() == ["web"]
