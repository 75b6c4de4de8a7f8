# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""A million spans are stored: a query for all of them is bounded and says so; who closes the connection ends the query."""

import http.client
import os
import pathlib
import socket
import threading
import time

import pytest
import requests

import fast_sender
from conftest import Collector, eventually

SPANS = 1_000_000
# Both parts are in every block, but never in one trace: nothing but looking at each trace can tell.
FRUITLESS = "/api/v2/traces?serviceName=frontend&spanName=get+/api/orders/%7Bid%7D&annotationQuery=http.route%3D/api/cart/%7Bid%7D&limit=10"


@pytest.fixture(scope="module")
def collector(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    collector = Collector(folder / "data", log=folder / "collector.log")
    sender = fast_sender.send(fast_sender.prepare(folder), collector, spans=SPANS)
    assert sender.result()["spans"] == SPANS
    yield collector
    assert collector.stop() == 0


def test_a_query_for_a_million_spans_is_bounded_and_says_so(collector):
    answer = requests.get(collector.url + "/api/v2/traces", params={"limit": SPANS}, timeout=60)
    assert answer.status_code == 200
    spans = sum(len(trace) for trace in answer.json())
    assert 0 < spans <= 200_000
    assert "Wingbeat-Truncated" in answer.headers, f"{spans} spans came, and nothing says that there are more"
    # An answer is 600 bytes a span of JSON, and twice that while it is made from spans in memory.
    assert collector.resident_bytes() < 800_000_000


def test_queries_for_a_million_spans_do_not_stop_others(collector):
    threads = [
        threading.Thread(target=requests.get, args=(collector.url + "/api/v2/traces",), kwargs={"params": {"limit": SPANS}})
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert "frontend" in requests.get(collector.url + "/api/v2/services", timeout=10).json()
        assert requests.get(collector.url + "/health", timeout=10).status_code == 200
    # Eight at once, as many as are made at the same time; the rest waits.
    assert collector.resident_bytes() < 2_000_000_000


def cpu_seconds(collector):
    fields = pathlib.Path(f"/proc/{collector.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def is_idle(collector):
    before = cpu_seconds(collector)
    time.sleep(0.5)
    return cpu_seconds(collector) - before < 0.1


def assert_ends_when_closed(collector, path, queries=16):
    """Many at once, so that they cannot have ended by themselves when the connections are closed."""
    eventually(lambda: is_idle(collector), seconds=60, what="the end of what was asked before")
    before = cpu_seconds(collector)
    connections = []
    for _ in range(queries):
        connection = socket.create_connection(("127.0.0.1", collector.port), timeout=10)
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        connections.append(connection)
    eventually(lambda: cpu_seconds(collector) - before > 0.2, seconds=30, what="queries that keep it busy")
    for connection in connections:
        connection.close()
    closed = cpu_seconds(collector)
    eventually(lambda: is_idle(collector), seconds=5, what="rest after the connections were closed")
    return cpu_seconds(collector) - closed


def whole_cost(collector, path):
    """What one of the queries costs when it is waited for, in CPU seconds."""
    before = cpu_seconds(collector)
    connection = http.client.HTTPConnection("127.0.0.1", collector.port, timeout=60)
    connection.request("GET", path)
    connection.getresponse().read()
    return cpu_seconds(collector) - before


def test_closing_the_connection_ends_a_search(collector):
    cost = whole_cost(collector, FRUITLESS)
    spent = assert_ends_when_closed(collector, FRUITLESS)
    assert spent < 4 * cost, f"{spent} s were spent after the end, on sixteen queries of {cost} s each"


def test_closing_the_connection_ends_sql(collector):
    path = "/api/sql?q=SELECT+count(*)+FROM+spans+a,+spans+b+WHERE+a.name+%3C+b.name"
    assert_ends_when_closed(collector, path)
