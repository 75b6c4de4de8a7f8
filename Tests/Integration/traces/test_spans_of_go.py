# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Spans of zipkin-go and of Go kit's middleware: the collector gives back what they sent."""

import contextlib
import http.server
import json
import subprocess
import threading

import pytest
import requests

from conftest import eventually
from go_programs import go_program
from test_third_party_clients import normalized
from test_trace_chain import gokit
from trace_programs import HERE


class Recorder:
    """Hands spans on to a collector, and keeps what they were."""

    def __init__(self, collector):
        self.collector = collector
        self.spans = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.spans_url = f"http://127.0.0.1:{self.server.server_port}/api/v2/spans"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _handler(self):
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                recorder.spans += json.loads(body)
                headers = {"Content-Type": self.headers["Content-Type"]}
                answer = requests.post(recorder.collector.spans_url, data=body, headers=headers, timeout=5)
                self.send_response(answer.status_code)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *arguments):
                pass

        return Handler


@pytest.fixture
def recorder(collector):
    recorder = Recorder(collector)
    yield recorder
    recorder.server.shutdown()
    recorder.server.server_close()


def assert_kept(recorder, count):
    eventually(lambda: len(recorder.spans) == count, what=f"{count} spans")
    stored = [span for id in {span["traceId"] for span in recorder.spans} for span in recorder.collector.get("trace/" + id)]
    assert in_order(stored) == in_order(normalized(span) for span in recorder.spans)


def in_order(spans):
    return sorted(spans, key=lambda span: (span["traceId"], span["id"], span.get("shared", False)))


def test_zipkin_go(recorder):
    subprocess.run([go_program(HERE / "zipkin_spans.go"), recorder.spans_url], check=True, timeout=60)
    assert_kept(recorder, 20)
    assert sum(span.get("shared", False) for span in recorder.spans) == 2
    assert sum(span.get("debug", False) for span in recorder.spans) == 5


def test_gokit(recorder, tmp_path):
    with contextlib.ExitStack() as stack:
        last = stack.enter_context(gokit(recorder, tmp_path))
        first = stack.enter_context(gokit(recorder, tmp_path, last))
        assert requests.get(first, timeout=10).text == "end"
        assert_kept(recorder, 3)
    assert len({span["traceId"] for span in recorder.spans}) == 1
