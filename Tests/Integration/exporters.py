# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""What the exporters' tests share: the probe, its books, and servers that only listen on a port."""

import json
import os
import signal
import socket
import subprocess

from conftest import eventually, program

# The label values of the probe's gauge `probe.odd`; the value of each is its place.
ODD_TEXTS = [
    "plain", "a b", "a,b", "a=b", "a;b", 'a"b', "a\\b", "a\nb", "a/b", "a.b", "~a", "a|ST[b:c]", "日本 é", "#a", "$a{b}",
]


class Probe:
    """ExporterProbe at work; what it recorded is its last line of output."""

    def __init__(self, *arguments, **environment):
        self.process = subprocess.Popen(
            [program("ExporterProbe"), *map(str, arguments)],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def result(self, seconds=120):
        self.output, self.trouble = self.process.communicate(timeout=seconds)
        assert self.process.returncode == 0, self.trouble
        return json.loads(self.output.splitlines()[-1])


def assert_books_balance(recorded):
    """Every message is accounted for, and none is left when the exporter has ended."""
    assert recorded["recorded"] == recorded["exported"] + recorded["dropped"] + recorded["queued"]
    assert recorded["queued"] == 0


def assert_quantiles(found, recorded):
    for name in ("p50", "p90", "p95", "p99"):
        assert abs(found[name] - recorded[name]) <= 0.01 * recorded[name], (name, found[name], recorded[name])


class Listener:
    """A server that is ready when its port accepts a connection, and can be killed and started again."""

    def __init__(self, arguments, port, log):
        self.arguments, self.port, self.log = arguments, port, log
        self.start()

    def start(self):
        with open(self.log, "a") as output:
            self.process = subprocess.Popen(self.arguments, stdout=output, stderr=subprocess.STDOUT)
        eventually(self._accepts, what=f"{self.arguments[0]} listening on {self.port}")

    def _accepts(self):
        assert self.process.poll() is None, f"it ended: {open(self.log).read()[-2000:]}"
        with socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(timeout=30)
