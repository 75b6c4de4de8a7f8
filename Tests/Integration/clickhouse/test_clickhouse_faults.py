# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""ClickHouse fails while spans come in: what was acknowledged is there once, and queries are answered."""

import threading
import time

import requests
from clickhouse_servers import ClickHouse, Pair
from lossy_proxy import LossyProxy

from conftest import Collector, eventually

SPANS = 20


class Sender(threading.Thread):
    """Posts traces of some spans; keeps the answers' statuses and the ids of those that were acknowledged."""

    def __init__(self, collector, number):
        super().__init__()
        self.collector, self.number = collector, number
        self.statuses, self.acknowledged = [], []
        self.is_ending = threading.Event()

    def run(self):
        session = requests.Session()
        batch = 0
        while not self.is_ending.is_set():
            batch += 1
            trace = f"{self.number:08x}{batch:08x}"
            answer = session.post(self.collector.spans_url, json=self.spans(trace), timeout=60)
            self.statuses.append(answer.status_code)
            if answer.status_code == 202:
                self.acknowledged.append(trace)

    def spans(self, trace):
        return [
            {"traceId": trace, "id": f"{span:016x}", "name": "load", "timestamp": time.time_ns() // 1000, "duration": 5,
             "localEndpoint": {"serviceName": f"service-{self.number}"}, "tags": {"trace": trace}}
            for span in range(1, SPANS + 1)
        ]  # fmt: skip


class Asker(threading.Thread):
    """Asks for names and traces again and again; keeps what was not answered as it should be."""

    def __init__(self, collector):
        super().__init__()
        self.collector = collector
        self.answers, self.troubles = 0, []
        self.is_ending = threading.Event()

    def run(self):
        while not self.is_ending.is_set():
            for path in ["services", "traces?serviceName=service-1&limit=5"]:
                answer = requests.get(f"{self.collector.url}/api/v2/{path}", timeout=30)
                self.answers += 1
                if answer.status_code != 200 or not answer.json():
                    self.troubles.append((answer.status_code, answer.text[:200]))


def start(threads):
    for thread in threads:
        thread.start()


def end(threads):
    for thread in threads:
        thread.is_ending.set()
    for thread in threads:
        thread.join()


def not_whole(collector, traces):
    """Those of the traces that do not have each of their spans exactly once."""
    wanted = [f"{span:016x}" for span in range(1, SPANS + 1)]
    return [trace for trace in traces if sorted(span["id"] for span in spans_of(collector, trace)) != wanted]


def spans_of(collector, trace):
    answer = requests.get(f"{collector.url}/api/v2/trace/{trace}", timeout=20)
    return answer.json() if answer.status_code == 200 else []


def rows(server, table):
    """How many rows a table has, and how many different spans."""
    key = "TraceLow, SpanId" if table == "wingbeat_spans" else "TraceId, SpanId"
    return [int(number) for number in server.ask(f"SELECT count(), uniqExact({key}) FROM spans.{table}")[0]]


def test_one_of_two_replicas_is_killed_and_comes_back(tmp_path):
    pair = Pair(tmp_path)
    first, second = pair.servers
    storage = f"clickhouse://{pair.hosts}/spans?cluster=pair&batch_ms=20"
    collector = Collector(tmp_path / "data", "--storage", storage, log=tmp_path / "collector.log")
    senders = [Sender(collector, number) for number in range(1, 5)]
    asker = Asker(collector)
    try:
        start(senders)
        eventually(lambda: collector.get("traces", serviceName="service-1"), what="the first trace found")
        start([asker])
        time.sleep(1)
        first.kill()
        time.sleep(3)
        first.start()
        time.sleep(2)
        end([*senders, asker])

        statuses = {status for sender in senders for status in sender.statuses}
        assert statuses == {202}, "the other replica took over within the requests' time"
        assert asker.troubles == []
        assert asker.answers > 20

        acknowledged = [trace for sender in senders for trace in sender.acknowledged]
        assert len(acknowledged) > 50
        expected = [len(acknowledged) * SPANS] * 2
        for server in pair.servers:
            for table in ["wingbeat_spans", "otel_traces"]:
                eventually(lambda: rows(server, table) == expected, 60, f"{expected} rows of {table}")
        assert not_whole(collector, acknowledged) == []
    finally:
        end([thread for thread in [*senders, asker] if thread.is_alive()])
        collector.stop()
        pair.stop()


def test_inserts_whose_answer_is_lost_count_once(tmp_path):
    """Repeated, on the other replica, too, they are recognised: each span has one row, and queries show it once."""
    pair = Pair(tmp_path)
    proxies = [LossyProxy(server) for server in pair.servers]
    hosts = ",".join(f"127.0.0.1:{proxy.port}" for proxy in proxies)
    storage = f"clickhouse://{hosts}/spans?cluster=pair&batch_ms=0"
    collector = Collector(tmp_path / "data", "--storage", storage, log=tmp_path / "collector.log")
    try:
        traces = [f"00000001{number:08x}" for number in range(1, 31)]
        for trace in traces:
            answer = requests.post(collector.spans_url, json=Sender(collector, 1).spans(trace), timeout=60)
            assert answer.status_code == 202, answer.text
        assert sum(proxy.lost for proxy in proxies) > 20
        expected = [len(traces) * SPANS] * 2
        for server in pair.servers:
            for table in ["wingbeat_spans", "otel_traces"]:
                eventually(lambda: rows(server, table) == expected, 60, f"{expected} rows of {table}")
        assert not_whole(collector, traces) == []
    finally:
        collector.stop()
        for proxy in proxies:
            proxy.close()
        pair.stop()


def test_spans_wait_while_the_only_server_is_away(tmp_path):
    server = ClickHouse(tmp_path / "server")
    storage = f"clickhouse://span_writer:s3cret%2F%40@127.0.0.1:{server.port}/spans"
    collector = Collector(tmp_path / "data", "--storage", storage, log=tmp_path / "collector.log")
    sender = Sender(collector, 1)
    try:
        start([sender])
        eventually(lambda: len(sender.acknowledged) > 3, what="the first traces")
        server.kill()
        health = eventually(lambda: unhealthy(collector), what="the collector saying that its store is away")
        assert "ClickHouse cannot be reached" in health
        query = requests.get(f"{collector.url}/api/v2/services", timeout=20)
        assert query.status_code == 503
        assert "s3cret" not in query.text + health + collector.output()
        server.start()
        count = len(sender.acknowledged)
        eventually(lambda: len(sender.acknowledged) > count + 3, what="traces after the server is back")
        end([sender])
        assert set(sender.statuses) == {202}
        assert not_whole(collector, sender.acknowledged) == []
    finally:
        end([sender] if sender.is_alive() else [])
        collector.stop()
        server.stop()


def unhealthy(collector):
    answer = requests.get(f"{collector.url}/health", timeout=20)
    return answer.text if answer.status_code == 503 else None


def test_acknowledged_spans_survive_a_kill_of_collector_and_server(tmp_path):
    server = ClickHouse(tmp_path / "server")
    options = ["--storage", f"clickhouse://127.0.0.1:{server.port}/spans?batch_ms=0"]
    collector = Collector(tmp_path / "data", *options)
    trace = "00000001000000aa"
    try:
        answer = requests.post(collector.spans_url, json=Sender(collector, 1).spans(trace), timeout=30)
        assert answer.status_code == 202
        collector.kill()
        server.kill()
        server.start()
        collector = Collector(tmp_path / "data", *options)
        assert not_whole(collector, [trace]) == []
    finally:
        collector.stop()
        server.stop()


def test_a_server_that_is_not_there_is_named_without_the_password(tmp_path):
    server = ClickHouse(tmp_path / "server")
    server.kill()
    options = ["--storage", f"clickhouse://me:s3cret@127.0.0.1:{server.port}/spans"]
    log = tmp_path / "collector.log"
    try:
        Collector(tmp_path / "data", *options, log=log).stop()
        raise AssertionError("it started without its store")
    except AssertionError as error:
        assert "it ended with 69" in str(error)
    assert f"cannot keep spans: ClickHouse cannot be reached: http://127.0.0.1:{server.port}/" in log.read_text()
    assert "s3cret" not in log.read_text()
