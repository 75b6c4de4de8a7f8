# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Requests that nobody should send, many at a time: a connection that keeps several under way, and damage."""

import gzip
import random
import socket
from dataclasses import dataclass
from urllib.parse import quote_from_bytes

AT_ONCE = 40


@dataclass
class Request:
    bytes: bytes
    allowed: frozenset  # the statuses that are right


def get(path, allowed):
    return Request(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(), frozenset(allowed))


def post(path, body, allowed, **headers):
    fields = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n{fields}\r\n"
    return Request(head.encode() + body, frozenset(allowed))


class Pipeline:
    """Sends requests without waiting for the answers, and reads these in order."""

    def __init__(self, port):
        self.port = port
        self.connection = None

    def _connect(self):
        self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def statuses(self, requests):
        """The status of each request's answer; None when the connection was closed instead."""
        statuses = []
        while len(statuses) < len(requests):
            rest = requests[len(statuses):]
            if self.connection is None:
                self._connect()
            try:
                self.connection.sendall(b"".join(request.bytes for request in rest))
                answered = [self._status() for _ in rest]
            except ConnectionError:
                answered = self._statuses_that_came()
                answered = answered or [None]
            if None in answered:
                answered = answered[:answered.index(None)] or [None]
                self.connection = None
            statuses += answered
        return statuses

    def _statuses_that_came(self):
        """The answers that were under way when sending failed."""
        statuses = []
        try:
            while (status := self._status()) is not None:
                statuses.append(status)
        except ConnectionError:
            pass
        return statuses

    def _status(self):
        head = self._take_until(b"\r\n\r\n")
        if head is None:
            return None
        fields = head.lower()
        if b"\r\ncontent-length:" in fields:
            self._take(int(fields.split(b"\r\ncontent-length:")[1].split(b"\r\n")[0]))
        elif b"\r\ntransfer-encoding: chunked" in fields:
            while (size := int(self._take_until(b"\r\n"), 16)) > 0:
                self._take(size + 2)
            self._take(2)
        return int(head[9:12])

    def _take_until(self, end):
        while (at := self.buffer.find(end)) < 0:
            if not self._receive():
                return None
        taken, self.buffer = self.buffer[:at + len(end)], self.buffer[at + len(end):]
        return taken

    def _take(self, count):
        while len(self.buffer) < count:
            if not self._receive():
                raise ConnectionError("closed within a body")
        self.buffer = self.buffer[count:]

    def _receive(self):
        part = self.connection.recv(1 << 18)
        self.buffer += part
        return part


class Damage:
    """Changes to valid input, the same for the same seed."""

    numbers = ["0", "-1", "1", "9223372036854775807", "-9223372036854775808", "99999999999999999999999", "1e9", "0x10", "NaN", ""]
    texts = [b"", b"%", b"\0", b"\xff\xfe", b"a" * 3000, "💩 é".encode(), b"' OR 1=1 --", b"../../etc/passwd", b" ", b"*", b"{\"a\":1}", b"a=b=c and d"]
    broken = ["%", "%z", "%zz", "%e9", "%ff%fe", "%00", "+", "%2"]

    def __init__(self, seed):
        self.chance = random.Random(seed)

    def value(self, good):
        """A value of a parameter, percent-encoded unless that is what is broken; and whether it is the good one."""
        kind = self.chance.random()
        if kind < 0.4:
            return quote_from_bytes(good.encode(), safe=""), True
        if kind < 0.55:
            return self.chance.choice(self.numbers), False
        if kind < 0.7:
            return quote_from_bytes(self.chance.choice(self.texts), safe=""), False
        if kind < 0.8:
            return self.chance.choice(self.broken), False
        if kind < 0.9:
            return quote_from_bytes(self.of_bytes(good.encode()), safe=""), False
        return quote_from_bytes(self.chance.randbytes(self.chance.randrange(40)), safe=""), False

    def of_bytes(self, good):
        """Cut off, changed in places, with a part gone, repeated or foreign; or without any meaning."""
        chance = self.chance
        if not good or chance.random() < 0.1:
            return chance.randbytes(chance.randrange(200))
        at, end = sorted((chance.randrange(len(good) + 1), chance.randrange(len(good) + 1)))
        kind = chance.randrange(5)
        if kind == 0:
            return good[:at]
        if kind == 1:
            changed = bytearray(good)
            for _ in range(chance.randint(1, 8)):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            return bytes(changed)
        if kind == 2:
            return good[:at] + good[end:]
        if kind == 3:
            return good[:end] + good[at:]
        return good[:at] + chance.randbytes(chance.randrange(20)) + good[end:]

    def zipped(self, body):
        """Compressed; often damaged after that."""
        zipped = gzip.compress(body, 1)
        return self.of_bytes(zipped) if self.chance.random() < 0.7 else zipped
