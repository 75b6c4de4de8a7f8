# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""How long answers take, asked one after the other on one connection."""

import random
import socket
import time
from urllib.parse import quote

import realistic
from templates import number_text, trace_id


class Client:
    """HTTP over one connection with as little between the two clock readings as Python allows."""

    def __init__(self, port):
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path):
        """The seconds until the whole answer was there, and its body."""
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        began = time.perf_counter()
        self.connection.sendall(request)
        answer = self._receive()
        taken = time.perf_counter() - began
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.split()[1] == b"200", f"{path}: {answer[:300]}"
        return taken, body

    def _receive(self):
        answer = b""
        while True:
            part = self.connection.recv(1 << 18)
            assert part, "the collector closed the connection"
            answer += part
            head, end, body = answer.partition(b"\r\n\r\n")
            if not end:
                continue
            lower = head.lower()
            if b"content-length:" in lower:
                if len(body) >= int(lower.split(b"content-length:")[1].split()[0]):
                    return answer
            elif body.endswith(b"\r\n0\r\n\r\n") or body == b"0\r\n\r\n":
                return answer


class Sample:
    """Durations of one kind of query, in milliseconds."""

    def __init__(self, durations):
        self.durations = sorted(1000 * duration for duration in durations)

    def quantile(self, share):
        return self.durations[int(share * (len(self.durations) - 1))]

    def __len__(self):
        return len(self.durations)


def sample(client, seconds, path_of, check):
    """Asks for as long as it may, and at least thirty times."""
    durations = []
    end = time.monotonic() + seconds
    while time.monotonic() < end or len(durations) < 30:
        path, expected = path_of()
        taken, body = client.get(path)
        assert check(body, expected), f"{path}: unexpected answer {body[:300]}"
        durations.append(taken)
    return Sample(durations)


def path_of_trace(seed, number):
    return f"/api/v2/trace/{trace_id(seed, number)}"


def is_whole(client, seed, number):
    """Whether a trace is there with all of its spans."""
    try:
        _, body = client.get(path_of_trace(seed, number))
    except AssertionError:
        return False
    return holds_spans(body, trace_id(seed, number))


def holds_spans(body, id):
    return body.count(b'"traceId":"' + id.encode()) == realistic.SPANS_PER_TRACE


def kinds(sources):
    """The queries: name, target for the 99th percentile in ms, what makes one, what looks at its answer."""
    chance = random.Random(sources[0].seed)
    weights = [source.traces for source in sources]

    def any_trace():
        source = chance.choices(sources, weights)[0]
        return source.seed, chance.randrange(source.traces)

    def search(service, tag, limit):
        query = f"serviceName={service}&annotationQuery={quote(tag, safe='')}&lookback=3600000&limit={limit}"
        return f"/api/v2/traces?{query}"

    def by_id():
        seed, number = any_trace()
        return path_of_trace(seed, number), trace_id(seed, number)

    def rare():
        seed, number = any_trace()
        user = number_text(seed, number, *realistic.USER, realistic.SPANS_PER_TRACE)
        return search("frontend", f"enduser.id={user}", 1000), trace_id(seed, number).encode()

    def frequent():
        return search("checkout", f"http.route=/api{chance.choice(realistic.ROUTES)}", 10), 10

    def absent():
        return search("checkout", f"enduser.id=x{chance.randrange(10**9)}", 10), b"[]"

    def contains(body, text):
        return text in body

    return [
        ("trace by id", 10, by_id, holds_spans),
        ("search, tag of a few traces", 100, rare, contains),
        ("search, tag of very many", 100, frequent, lambda body, count: body.count(b'"kind":"SERVER"') >= count),
        ("search, tag of none", 100, absent, lambda body, empty: body == empty),
        ("services", 5, lambda: ("/api/v2/services", b'"frontend"'), contains),
        ("span names", 5, lambda: ("/api/v2/spans?serviceName=frontend", b'"get /api/orders/{id}"'), contains),
    ]
