# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Bad input gets a clear message and the right status or exit code; the process lives, or ends cleanly."""

import gzip
import http.client
import json
import socket
import subprocess

import pytest
import requests

from conftest import Collector, free_port, program

SPAN = {"traceId": "000000000000000a", "id": "000000000000000b", "name": "fine", "timestamp": 1_700_000_000_000_000}


def post(collector, body, **headers):
    answer = requests.post(collector.spans_url, data=body, headers=headers, timeout=60)
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    "body, text",
    [
        (b"hello", "Expected a JSON_V2 encoded list"),
        (b'[{"traceId":"a"', "Malformed reading List<Span> from json: expected '}'"),
        (b'[{"traceId":"", "id":"b"}]', "traceId is empty"),
        (b'[{"traceId":"A", "id":"b"}]', "A should be lower-hex encoded with no prefix"),
        (b'[{"traceId":"a", "id":"b", "tags":{"n":1}}]', "Expected a string at $[0].tags.n"),
        (b'[{"traceId":"a", "id":"b", "kind":"FRIEND"}]', "$[0].kind is FRIEND"),
        (b"[" * 100_000, "Malformed"),
        (b"\xff\xfe\x00\x01", "Expected a JSON_V2 encoded list"),
    ],
)
def test_a_malformed_post_is_refused_with_a_reason(collector, body, text):
    status, answer = post(collector, body)
    assert status == 400 and answer.startswith(text), answer
    assert post(collector, json.dumps([SPAN]))[0] == 202


def test_gzip_is_read_and_truncated_gzip_is_refused(collector):
    body = gzip.compress(json.dumps([SPAN]).encode())
    assert post(collector, body[:-9], **{"Content-Encoding": "gzip"}) == (400, "Cannot gunzip spans")
    assert post(collector, body, **{"Content-Encoding": "gzip"}) == (202, "")
    assert len(collector.get("trace/000000000000000a")) == 1


def test_bodies_that_are_too_large_are_refused_as_they_are_and_inflated(collector):
    big = b" " * 100_000_000
    # A server that refuses before it has read everything may be seen as a broken connection while sending.
    try:
        assert post(collector, big)[0] == 413
    except requests.ConnectionError:
        pass
    assert raw_status(collector, b"Content-Length: 100000000") == 413
    bomb = gzip.compress(big)
    assert len(bomb) < 200_000
    status, text = post(collector, bomb, **{"Content-Encoding": "gzip"})
    assert status == 413 and "inflates to more than" in text
    assert post(collector, json.dumps([SPAN]))[0] == 202
    assert collector.resident_bytes() < 300_000_000


def raw_status(collector, header):
    """The status of a post of which only the head is sent."""
    with socket.create_connection(("127.0.0.1", collector.port), timeout=10) as connection:
        connection.sendall(b"POST /api/v2/spans HTTP/1.1\r\nHost: localhost\r\n" + header + b"\r\n\r\n")
        return int(connection.recv(4096).split()[1])


@pytest.mark.parametrize(
    "query, text",
    [
        ("traces?limit=0", "limit <= 0"),
        ("traces?limit=many", "limit=many is not a whole number"),
        ("traces?minDuration=5&maxDuration=4", "maxDuration < minDuration"),
        ("traces?endTs=-1", "endTs <= 0"),
        ("traces?serviceName=%zz", "serviceName=%zz is not percent-encoded UTF-8"),
        ("dependencies", "endTs is required"),
        ("spans", "serviceName is required"),
        ("trace/xyz", "xyz should be lower-hex encoded with no prefix"),
    ],
)
def test_a_query_that_makes_no_sense_says_why(collector, query, text):
    connection = http.client.HTTPConnection("127.0.0.1", collector.port, timeout=5)  # sends the path as it is
    connection.request("GET", f"/api/v2/{query}")
    answer = connection.getresponse()
    assert (answer.status, answer.read().decode()) == (400, text)
    assert answer.getheader("Content-Type").startswith("text/plain")
    connection.close()


def run(*arguments, **environment):
    return subprocess.run(
        [program("wingbeat"), *arguments], capture_output=True, text=True, timeout=20,
        env={"HOME": "/nonexistent", "PATH": "/usr/bin", **environment},
    )


def test_an_unknown_flag_and_a_bad_address_are_mistakes_on_the_command_line():
    unknown = run("collector", "--nope")
    assert unknown.returncode == 64 and "Unknown option '--nope'" in unknown.stderr
    address = run("collector", "--listen", "a:b:c")
    assert address.returncode == 64 and "'a:b:c' is invalid" in address.stderr
    port = run("collector", QUERY_PORT="99999")
    assert port.returncode == 64 and "QUERY_PORT=99999 is not a port" in port.stderr


def test_help_says_what_a_newcomer_needs():
    text = run("collector", "--help").stdout
    for word in ("--listen", "--data", "QUERY_PORT", "127.0.0.1:9411", "/api/v2/spans"):
        assert word in text


def test_a_port_in_use_is_said(collector, tmp_path):
    other = run("collector", "--listen", str(collector.port), "--data", str(tmp_path / "other"))
    assert other.returncode == 69 and f"port {collector.port} on 127.0.0.1 is in use" in other.stderr


def test_a_folder_that_cannot_be_used_is_said(collector):
    unwritable = run("collector", "--listen", str(free_port()), "--data", "/proc/wingbeat")
    assert unwritable.returncode == 69 and "cannot make the folder /proc/wingbeat" in unwritable.stderr
    shared = run("collector", "--listen", str(free_port()), "--data", collector.folder)
    assert shared.returncode == 69 and "in use by another collector" in shared.stderr


@pytest.mark.parametrize(
    "name, said, left",
    [
        ("spans.sqlite", "spans of the previous version in {path} are not taken over: file is not a database", "spans.sqlite"),
        ("catalog.sqlite", "{path} is set aside as catalog.sqlite.damaged: file is not a database", "catalog.sqlite.damaged"),
    ],
)
def test_a_damaged_database_is_said_and_left_beside(tmp_path, name, said, left):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / name).write_bytes(b"not a database" * 1000)
    collector = Collector(folder, log=tmp_path / "collector.log")
    assert post(collector, json.dumps([SPAN]))[0] == 202
    assert len(collector.get("trace/000000000000000a")) == 1
    assert said.format(path=folder / name) in collector.output()
    assert collector.stop() == 0
    assert (folder / left).read_bytes() == b"not a database" * 1000


def test_the_port_of_zipkin_is_honoured_and_spans_outlive_the_process(tmp_path):
    collector = Collector(tmp_path / "data")
    assert post(collector, json.dumps([SPAN]))[0] == 202
    assert collector.stop() == 0
    again = Collector(tmp_path / "data")
    assert len(again.get("trace/000000000000000a")) == 1
    assert again.stop() == 0
