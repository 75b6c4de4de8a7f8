# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Clients that do nothing, or little and slowly, do not stop the others, and are not waited for without end."""

import resource
import socket
import time

import pytest

from conftest import Collector
from load import Reader, Sender

IDLE, TRICKLING = 1000, 200
# The collector starts with fewer descriptors than it has clients, as a shell gives them; it may ask for more.
SHELL = ["prlimit", "--nofile=1024:16384"]


@pytest.fixture
def collector(tmp_path):
    collector = Collector(tmp_path / "data", log=tmp_path / "collector.log", enter=SHELL)
    yield collector
    assert collector.stop() == 0


@pytest.fixture(autouse=True)
def enough_descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def connect(collector, count):
    return [socket.create_connection(("127.0.0.1", collector.port), timeout=10) for _ in range(count)]


HEAD = b"POST /api/v2/spans HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n"


class Trickle:
    """A request that comes a byte at a time: its head, or the body of a post."""

    def __init__(self, connection, is_body):
        self.connection = connection
        self.is_open = True
        self._send(HEAD + b"\r\n[" if is_body else HEAD)
        self.next = b" " if is_body else b"X"

    def _send(self, bytes):
        try:
            self.connection.sendall(bytes)
        except OSError:
            self.is_open = False

    def drip(self):
        try:
            if not self.connection.recv(65536, socket.MSG_DONTWAIT):
                self.is_open = False
        except BlockingIOError:
            pass
        except OSError:
            self.is_open = False
        if self.is_open:
            self._send(self.next)


def assert_others_are_served(collector, number):
    sender = Sender(collector.port, number)
    time.sleep(2)
    sender.stop()
    assert len(sender.acknowledged) > 20 and not sender.refused, (len(sender.acknowledged), sender.refused)
    assert not Reader(collector.port).flaws(sender.acknowledged[:20])


def test_a_thousand_idle_connections_and_two_hundred_slow_ones_do_not_stop_others(collector):
    idle = connect(collector, IDLE)
    slow = [Trickle(connection, is_body=number % 2 == 0) for number, connection in enumerate(connect(collector, TRICKLING))]
    assert_others_are_served(collector, 1)
    for trickle in slow:
        trickle.drip()
    assert_others_are_served(collector, 2)
    for connection in idle + [trickle.connection for trickle in slow]:
        connection.close()
    assert_others_are_served(collector, 3)


def test_requests_that_trickle_are_ended(collector):
    slow = [Trickle(connection, is_body=number % 2 == 0) for number, connection in enumerate(connect(collector, 40))]
    deadline = time.monotonic() + 90
    while any(trickle.is_open for trickle in slow) and time.monotonic() < deadline:
        time.sleep(0.5)
        for trickle in slow:
            if trickle.is_open:
                trickle.drip()
    alive = sum(trickle.is_open for trickle in slow)
    assert alive == 0, f"{alive} of {len(slow)} requests that get a byte every half second live on after 90 s"


def test_more_connections_than_descriptors_do_not_end_it(tmp_path):
    collector = Collector(tmp_path / "data", log=tmp_path / "collector.log", enter=["prlimit", "--nofile=256:256"])
    idle = connect(collector, IDLE)
    time.sleep(1)
    assert collector.process.poll() is None, "it ended for want of descriptors"
    for connection in idle:
        connection.close()
    assert_others_are_served(collector, 1)
    assert collector.stop() == 0
