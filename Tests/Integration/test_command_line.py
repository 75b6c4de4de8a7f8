# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The commands that ask a running collector, as a person and a script use them."""

import gzip
import json
import os
import subprocess
import time

import pytest
import requests

from conftest import Collector, free_port, program

NOW = int(time.time() * 1_000_000) - 60_000_000


def wingbeat(*arguments, collector=None, input=None, environment=None):
    settings = {**os.environ, "COLUMNS": "100", **(environment or {})}
    settings.pop("WINGBEAT_COLLECTOR", None)
    if collector:
        settings["WINGBEAT_COLLECTOR"] = collector if isinstance(collector, str) else collector.url
    return subprocess.run(
        [program("wingbeat"), *arguments], capture_output=True, env=settings, input=input, timeout=60
    )


def span(trace, id, parent=None, service="shop", name="get /pay", start=0, duration=100_000, **tags):
    fields = {
        "traceId": trace,
        "id": id,
        "name": name,
        "timestamp": NOW + start,
        "duration": duration,
        "localEndpoint": {"serviceName": service},
        "tags": tags,
    }
    return {**fields, "parentId": parent} if parent else fields


SPANS = [
    span("00000000000000a1", "0000000000000001", duration=400_000),
    span("00000000000000a1", "0000000000000002", "0000000000000001", "stock", "reserve", 100_000, 200_000, sku="7"),
    span("00000000000000a1", "0000000000000003", "0000000000000002", "db", "query", 150_000, 50_000, error="gone"),
    span("00000000000000b2", "0000000000000004", service="web", name="get /", start=1_000_000, duration=1_000),
]


@pytest.fixture
def filled(collector):
    assert requests.post(collector.spans_url, json=SPANS, timeout=10).status_code == 202
    return collector


@pytest.fixture
def other(tmp_path):
    collector = Collector(tmp_path / "other")
    yield collector
    collector.stop()


def test_trace(filled):
    result = wingbeat("trace", "a1", collector=filled)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.decode().splitlines()
    assert lines[0].startswith("trace 00000000000000a1  20")
    assert lines[0].endswith("Z  400 ms  3 spans  3 services  1 error")
    assert [line.split("|")[0].rstrip() for line in lines[1:]] == [
        "shop: get /pay",
        "  stock: reserve",
        "    ! db: query",
    ]
    assert [line.split("|")[2].strip() for line in lines[1:]] == ["400 ms", "200 ms", "50 ms"]
    assert "\x1b" not in result.stdout.decode()


def test_trace_in_other_formats(filled):
    assert json.loads(wingbeat("trace", "a1", "--json", collector=filled).stdout) == filled.get("trace/a1")
    otlp = json.loads(wingbeat("trace", "a1", "--format", "otlp", collector=filled).stdout)
    assert len(otlp["result"]["resourceSpans"]) == 3
    jaeger = json.loads(wingbeat("trace", "a1", "--format", "jaeger", collector=filled).stdout)
    assert [s["operationName"] for s in jaeger["data"][0]["spans"]] == ["get /pay", "reserve", "query"]


def test_exit_codes(filled, tmp_path):
    assert wingbeat("trace", "ff", collector=filled).returncode == 1
    assert wingbeat("trace", "xyz", collector=filled).returncode == 64
    assert wingbeat("search", "--service", "nobody", collector=filled).returncode == 1
    assert wingbeat("search", "--min-duration", "soon", collector=filled).returncode == 64
    assert wingbeat("search", "--since", "yesterday", collector=filled).returncode == 64
    assert wingbeat("import", str(tmp_path / "missing.json"), collector=filled).returncode == 66
    away = wingbeat("search", collector=f"http://127.0.0.1:{free_port()}")
    assert away.returncode == 69
    assert away.stderr.decode().count("\n") == 1
    assert "nobody answers there" in away.stderr.decode()


@pytest.mark.parametrize(
    "criteria, expected",
    [
        ([], ["b2", "a1"]),
        (["--service", "stock"], ["a1"]),
        (["--service", "Web", "--name", "GET /"], ["b2"]),
        (["--error"], ["a1"]),
        (["--tag", "sku=7"], ["a1"]),
        (["--tag", "sku=*"], ["a1"]),
        (["--tag", "sku=8"], []),
        (["--min-duration", "300ms"], ["a1"]),
        (["--max-duration", "1ms"], ["b2"]),
        (["--limit", "1"], ["b2"]),
        (["--since", "1s"], []),
    ],
)
def test_search(filled, criteria, expected):
    result = wingbeat("search", "--json", *criteria, collector=filled)
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [trace["traceId"] for trace in found] == [f"00000000000000{id}" for id in expected], result.stderr
    assert result.returncode == (0 if expected else 1)


@pytest.mark.parametrize(
    "query, expected",
    [
        (["service:shop"], ["a1"]),
        (["error {service:stock}"], ["a1"]),
        (["--", "-error"], ["b2"]),
        (["duration>300ms OR name:\"get /\""], ["b2", "a1"]),
        (["a", "--service", "web"], []),
        (["get", "--service", "web", "--max-duration", "2ms"], ["b2"]),
        (["reserve", "--tag", "sku=7"], ["a1"]),
        (["query", "--tag", "error=go*", "--error"], ["a1"]),
        (["--sort", "longest"], ["a1", "b2"]),
        (["get", "--sort", "spans", "--limit", "1"], ["a1"]),
        (["trace:b2", "--since", "1s"], ["b2"]),
    ],
)
def test_search_in_the_language(filled, query, expected):
    result = wingbeat("search", "--json", *query, collector=filled)
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [trace["traceId"] for trace in found] == [f"00000000000000{id}" for id in expected], result.stderr
    assert result.returncode == (0 if expected else 1)
    assert result.stderr == b""


def test_a_mistake_in_the_language_has_a_place(filled):
    for command in ["search", "tail"]:
        result = wingbeat(command, "service:shop duration>fast", collector=filled)
        assert (result.returncode, result.stdout) == (64, b"")
        assert result.stderr.decode() == (
            "wingbeat: expected a duration such as 200ms or 1.5s, found 'fast' (at character 23)\n"
        )


def test_search_as_a_table(filled):
    lines = wingbeat("search", collector=filled).stdout.decode().splitlines()
    assert lines[0].split() == ["STARTED", "DURATION", "SPANS", "ERRORS", "TRACE", "ROOT"]
    assert [line.split()[1:] for line in lines[1:]] == [
        ["1", "ms", "1", "00000000000000b2", "web:", "get", "/"],
        ["400", "ms", "3", "1", "00000000000000a1", "shop:", "get", "/pay"],
    ]


@pytest.mark.parametrize("form", ["zipkin", "otlp"])
def test_export_and_import(filled, form, tmp_path, other):
    exported = wingbeat("export", "--format", form, collector=filled)
    assert exported.returncode == 0, exported.stderr
    file = tmp_path / "spans.json.gz"
    file.write_bytes(gzip.compress(exported.stdout))
    imported = wingbeat("import", str(file), collector=other)
    assert imported.returncode == 0, imported.stderr
    assert imported.stdout.decode() == f"{file}: 4 spans stored\n"
    for trace in ["a1", "b2"]:
        key = lambda s: s["id"]
        assert sorted(other.get(f"trace/{trace}"), key=key) == sorted(filled.get(f"trace/{trace}"), key=key)


def test_export_of_many_pages(collector):
    spans = [span(f"{n:016x}", f"{n:016x}", start=n // 3) for n in range(1, 1001)]
    assert requests.post(collector.spans_url, json=spans, timeout=10).status_code == 202
    exported = wingbeat("export", "--format", "zipkin", collector=collector)
    assert sorted(s["id"] for s in json.loads(exported.stdout)) == [s["id"] for s in spans]
    assert exported.stderr.decode() == "1000 spans\n"


def test_import_of_jaeger_and_zipkin_version_1(collector, tmp_path):
    jaeger = tmp_path / "jaeger.json"
    jaeger.write_text(
        json.dumps(
            {
                "data": [
                    {
                        "traceID": "c3",
                        "spans": [
                            {
                                "traceID": "c3",
                                "spanID": "5",
                                "operationName": "Work",
                                "startTime": NOW,
                                "duration": 7,
                                "tags": [{"key": "n", "type": "int64", "value": 1}],
                                "processID": "p1",
                            }
                        ],
                        "processes": {"p1": {"serviceName": "old"}},
                    }
                ]
            }
        )
    )
    version_1 = json.dumps(
        [{"traceId": "d4", "id": "6", "name": "n", "timestamp": NOW, "duration": 9, "binaryAnnotations": [
            {"key": "lc", "value": "x", "endpoint": {"serviceName": "older"}}]}]
    )
    result = wingbeat("import", str(jaeger), "-", collector=collector, input=version_1.encode())
    assert result.returncode == 0, result.stderr
    assert result.stdout.decode() == f"{jaeger}: 1 span stored\n-: 1 span stored\n"
    assert [(s["name"], s["duration"], s["tags"]) for s in collector.get("trace/c3")] == [("work", 7, {"n": "1"})]
    assert collector.get("trace/d4")[0]["localEndpoint"] == {"serviceName": "older"}


def test_import_of_a_damaged_file_says_where(collector, tmp_path):
    file = tmp_path / "damaged.json"
    file.write_text(json.dumps(SPANS)[:-10])
    result = wingbeat("import", str(file), collector=collector)
    assert result.returncode == 65
    assert "in the middle of a span or a list" in result.stderr.decode()
    file.write_bytes(b"\x1f\x8bnonsense")
    assert wingbeat("import", str(file), collector=collector).returncode == 65


def test_tail(collector):
    arguments = [program("wingbeat"), "tail", "service:web -error", "--json", "--count", "1"]
    arguments += ["--collector", collector.url]
    tail = subprocess.Popen(arguments, stdout=subprocess.PIPE)
    deadline = time.monotonic() + 20
    while tail.poll() is None and time.monotonic() < deadline:
        assert requests.post(collector.spans_url, json=SPANS, timeout=10).status_code == 202
        time.sleep(0.3)
    assert tail.wait(timeout=5) == 0
    line = json.loads(tail.stdout.readline())
    assert (line["traceId"], line["service"], line["name"]) == ("00000000000000b2", "web", "get /")


def test_check(tmp_path, collector):
    settings = ["--data", str(tmp_path / "new"), "--otlp-grpc", "off", "--otlp-http", "off"]
    good = wingbeat("collector", "--check", "--listen", f"127.0.0.1:{free_port()}", *settings)
    assert good.returncode == 0, good.stdout
    assert [line.split()[0] for line in good.stdout.decode().splitlines()] == ["ok"] * 4
    taken = wingbeat("collector", "--check", "--listen", f"127.0.0.1:{collector.port}", *settings)
    assert taken.returncode == 69
    assert "choose another with --listen" in taken.stdout.decode()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell):
    script = wingbeat("--generate-completion-script", shell)
    assert script.returncode == 0
    for command in [b"search", b"min-duration", b"import"]:
        assert command in script.stdout


def test_version():
    assert wingbeat("version").stdout == wingbeat("--version").stdout


def test_names_cannot_change_the_terminal(collector):
    hostile = span("e5", "0000000000000007", service="a\x1b[2Jb", name="c\r\nd")
    assert requests.post(collector.spans_url, json=[hostile], timeout=10).status_code == 202
    for command in (["trace", "e5"], ["search"]):
        text = wingbeat(*command, collector=collector).stdout.decode()
        assert "\x1b" not in text and "\r" not in text
        assert r"a\u{1b}[2jb: c\u{d}\u{a}d" in text.lower()
