# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Ten thousand requests for each endpoint that are cut off, damaged or without meaning: right status, no end, flat memory.

endpoints.txt names all routes; a test of the server compares it with the router.
"""

import json
import random
import socket

import pytest

from bodies import JSON, POSTS
from conftest import Collector, eventually
from endpoints import QUERIES, STREAMS, endpoints, plain
from hostile import AT_ONCE, Damage, Pipeline, get, post

REQUESTS = 10_000
SEED = random.randrange(1 << 30)
@pytest.fixture(scope="module")
def collector(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    collector = Collector(folder / "data", log=folder / "collector.log")
    for path, (bodies, success) in POSTS.items():
        for media_type, body in bodies.items():
            request = post(path, body, [success], Content_Type=media_type)
            assert Pipeline(collector.port).statuses([request]) == [success], (path, media_type)
    yield collector
    assert collector.stop() == 0


def send(collector, requests):
    """Sends them and says which were answered with the wrong status."""
    pipeline = Pipeline(collector.port)
    batches = [requests[at:at + AT_ONCE] for at in range(0, len(requests), AT_ONCE)]
    return wrong_ones(requests, [status for batch in batches for status in pipeline.statuses(batch)])


def send_one_by_one(collector, requests):
    """The same for answers that do not end: the client leaves as soon as it knows the status.

    There may be so many watchers for a moment that no other one is let in.
    """
    statuses = []
    for request in requests:
        request.allowed |= {503}
        with socket.create_connection(("127.0.0.1", collector.port), timeout=30) as connection:
            connection.sendall(request.bytes)
            head = connection.recv(65536)
            statuses.append(int(head[9:12]) if head else None)
    return wrong_ones(requests, statuses)


def wrong_ones(requests, statuses):
    return [
        f"{status} instead of {sorted(request.allowed)} for {request.bytes[:600]}"
        for request, status in zip(requests, statuses) if status not in request.allowed
    ]


def place(name):
    """How a route writes a part of its path, or all the rest of it."""
    return name if name == "**" else "{" + name + "}"


def queries(damage, path, parameters):
    for _ in range(REQUESTS):
        values = {name: damage.value(value) for name, value in parameters.items() if damage.chance.random() < 0.7 or place(name) in path}
        if damage.chance.random() < 0.2:
            values["unknown"] = damage.value("x")
        filled = path
        for name in parameters:
            if place(name) in filled:
                text, good = values.pop(name)
                filled = filled.replace(place(name), text)
        query = "&".join(f"{name}={text}" for name, (text, _) in values.items())
        # A stream may find too many watching: those who left are noticed after some seconds.
        yield get(filled + ("?" + query if query else ""), [200, 302, 400, 404] + ([503] if path in STREAMS else []))


def posts(damage, path, bodies, success):
    for _ in range(REQUESTS):
        media_type, good = damage.chance.choice(list(bodies.items()))
        body = damage.of_bytes(good) if damage.chance.random() < 0.95 else good
        allowed = {success} if body == good else {400} if is_broken_json(media_type, body) else {success, 400}
        headers = {"Content_Type": media_type}
        if damage.chance.random() < 0.1:
            body = damage.zipped(body)
            headers["Content_Encoding"] = "gzip"
            allowed |= {success, 400}
        yield post(path, body, allowed, **headers)


def is_broken_json(media_type, body):
    if media_type != JSON or not body.strip():
        return False
    try:
        json.loads(body.decode(errors="replace"))
    except (ValueError, RecursionError):
        return True
    return False


@pytest.mark.parametrize("method, path", endpoints())
def test_no_request_is_answered_wrongly(collector, method, path):
    damage = Damage(f"{SEED} {path}")
    if method == "POST":
        bodies, success = POSTS[plain(path)]
        requests = list(posts(damage, path, bodies, success))
    else:
        requests = list(queries(damage, path, {**QUERIES, **STREAMS}[plain(path)]))
    before = collector.resident_bytes()
    wrong = (send_one_by_one if path in STREAMS else send)(collector, requests)
    assert not wrong, f"seed {SEED}: {len(wrong)} of {len(requests)}, such as {wrong[0]}"
    assert collector.process.poll() is None
    # What was good among the posts is kept in memory until there is enough of it for a block; the rest is the allocator's.
    assert collector.resident_bytes() - before < 64_000_000


def test_bytes_that_are_no_http_do_not_hurt(collector):
    damage = Damage(f"{SEED} HTTP")
    good = post("/api/v2/spans", b"[]", [202], Content_Type=JSON).bytes
    before = collector.resident_bytes()
    for _ in range(REQUESTS):
        with socket.create_connection(("127.0.0.1", collector.port), timeout=30) as connection:
            try:
                connection.sendall(damage.of_bytes(good))
                connection.shutdown(socket.SHUT_WR)
                answer = b""
                while part := connection.recv(65536):
                    answer += part
            except ConnectionError:
                continue
            assert not answer or answer.split()[1] in (b"202", b"400", b"404", b"405", b"413", b"415", b"431", b"501", b"505"), answer
    assert collector.resident_bytes() - before < 64_000_000
    assert eventually(lambda: collector.get("services"), what="an answer after it all")
