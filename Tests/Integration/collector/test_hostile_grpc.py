# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Ten thousand damaged messages for each gRPC method, and ten thousand connections of damaged HTTP/2."""

import collections
import random
import socket

import grpc
import pytest

from bodies import field, otlp_protobuf, zipkin_protobuf
from conftest import Collector, eventually
from hostile import Damage

REQUESTS = 10_000
AT_ONCE = 100
SEED = random.randrange(1 << 30)
METHODS = {
    "/opentelemetry.proto.collector.trace.v1.TraceService/Export": otlp_protobuf(),
    "/zipkin.proto3.SpanService/Report": zipkin_protobuf(),
    "/grpc.health.v1.Health/Check": field(1, "zipkin.proto3.SpanService"),
}
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


@pytest.fixture(scope="module")
def collector(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    collector = Collector(folder / "data", log=folder / "collector.log")
    yield collector
    assert collector.stop() == 0


def statuses(channel, method, messages):
    """The status of each call, in order, with so many under way at once."""
    call = channel.unary_unary(method)  # without serializers: bytes as they are
    found = []
    for at in range(0, len(messages), AT_ONCE):
        calls = [call.future(message, timeout=30) for message in messages[at:at + AT_ONCE]]
        found += [call.code() for call in calls]
    return found


@pytest.mark.parametrize("method", METHODS)
def test_damaged_messages_are_refused_by_name(collector, method):
    damage = Damage(f"{SEED} {method}")
    good = METHODS[method]
    before = collector.resident_bytes()
    messages = [damage.of_bytes(good) for _ in range(REQUESTS)]
    with grpc.insecure_channel(f"127.0.0.1:{collector.port}") as channel:
        assert statuses(channel, method, [good]) == [grpc.StatusCode.OK]
        found = collections.Counter(statuses(channel, method, messages))
    # A health check reads nothing of its message but may be asked for a service that is not known.
    allowed = {grpc.StatusCode.OK, grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND}
    assert set(found) <= allowed, f"seed {SEED}: {found}"
    assert collector.process.poll() is None
    assert collector.resident_bytes() - before < 64_000_000


def frame(kind, flags, stream, payload):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def conversation():
    """What a client sends for a call: settings, head, message. The head is HPACK without its tables."""
    fields = [
        (":method", "POST"), (":scheme", "http"), (":path", "/zipkin.proto3.SpanService/Report"), (":authority", "localhost"),
        ("content-type", "application/grpc"), ("te", "trailers"),
    ]
    head = b"".join(b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode() for name, value in fields)
    message = zipkin_protobuf()
    data = b"\0" + len(message).to_bytes(4, "big") + message
    return frame(4, 0, 0, b"") + frame(1, 4, 1, head) + frame(0, 1, 1, data) + frame(6, 0, 0, bytes(8))


def test_damaged_http_2_does_not_hurt(collector):
    """Clients that say something wrong, stay for a while, and go."""
    damage = Damage(f"{SEED} HTTP/2")
    good = conversation()
    before = collector.resident_bytes()
    staying = collections.deque()
    for number in range(REQUESTS):
        connection = socket.create_connection(("127.0.0.1", collector.port), timeout=30)
        connection.sendall(PREFACE + (damage.of_bytes(good) if number else good))
        staying.append(connection)
        if len(staying) > AT_ONCE:
            staying.popleft().close()
    for connection in staying:
        connection.close()
    # Among the damaged names are new ones.
    assert "fuzzed" in eventually(lambda: collector.get("services"), what="an answer after it all")
    assert collector.process.poll() is None
    assert collector.resident_bytes() - before < 64_000_000
