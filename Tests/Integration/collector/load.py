# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Senders that remember what was acknowledged, and reading it back."""

import http.client
import json
import threading
import time

SPANS_PER_TRACE = 100


def zipkin_post(trace):
    """A trace of Zipkin v2 JSON in one post; spans are numbered from 1."""
    now = time.time_ns() // 1000
    head = f'{{"traceId":"{trace:016x}","name":"load","kind":"SERVER","timestamp":{now},"duration":5000,'
    tail = f'"localEndpoint":{{"serviceName":"service-{trace % 7}"}},"tags":{{"trace":"{trace}"}}}}'
    spans = (f'{head}"id":"{span:016x}",{tail}' for span in range(1, SPANS_PER_TRACE + 1))
    return "/api/v2/spans", "[" + ",".join(spans) + "]"


def otlp_post(trace):
    """The same of OTLP/JSON."""
    now = time.time_ns()
    head = f'{{"traceId":"{trace:032x}","name":"load","kind":2,"startTimeUnixNano":"{now}","endTimeUnixNano":"{now + 5_000_000}",'
    tail = f'"attributes":[{{"key":"trace","value":{{"intValue":"{trace}"}}}}]}}'
    spans = ",".join(f'{head}"spanId":"{span:016x}",{tail}' for span in range(1, SPANS_PER_TRACE + 1))
    resource = f'{{"attributes":[{{"key":"service.name","value":{{"stringValue":"service-{trace % 7}"}}}}]}}'
    return "/v1/traces", f'{{"resourceSpans":[{{"resource":{resource},"scopeSpans":[{{"spans":[{spans}]}}]}}]}}'


class Sender(threading.Thread):
    """Posts one trace after the other until the collector is gone or it is told to stop."""

    def __init__(self, port, traces, post=zipkin_post, again=()):
        """`traces` are their ids, as numbers; given a number, a million ids that belong to it."""
        super().__init__(daemon=True)
        self.port = port
        self.post = post
        self.traces = range(traces * 1_000_000 + 1, (traces + 1) * 1_000_000) if isinstance(traces, int) else traces
        self.again = list(again)  # posts without an answer of a sender before: sent first
        self.acknowledged = []
        self.unanswered = []  # (trace, path, body) that may or may not have been kept
        self.refused = {}  # how often each status came that is no success, with the last text
        self.stopped = threading.Event()
        self.start()

    def stop(self):
        self.stopped.set()
        self.join()

    def _posts(self):
        yield from self.again
        for trace in self.traces:
            yield (trace, *self.post(trace))

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        for trace, path, body in self._posts():
            if self.stopped.is_set():
                break
            try:
                connection.request("POST", path, body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException):
                self.unanswered.append((trace, path, body))
                break
            if answer.status in (200, 202):
                self.acknowledged.append(trace)
            else:
                count = self.refused.get(answer.status, (0, b""))[0]
                self.refused[answer.status] = (count + 1, text)
        connection.close()


class Reader:
    """Reads traces back on one connection."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def span_ids(self, trace):
        """The ids of the spans that are stored of a trace, as numbers, sorted."""
        self.connection.request("GET", f"/api/v2/trace/{trace:016x}")
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status == 404:
            return []
        assert answer.status == 200, f"{answer.status}: {body[:300]}"
        return sorted(int(span["id"], 16) for span in json.loads(body))

    def flaws(self, traces):
        """The traces that are not stored with each of their spans once, and what is there of them."""
        whole = list(range(1, SPANS_PER_TRACE + 1))
        found = ((trace, self.span_ids(trace)) for trace in traces)
        return [f"trace {trace:x}: {len(ids)} spans, {len(set(ids))} different" for trace, ids in found if ids != whole]
