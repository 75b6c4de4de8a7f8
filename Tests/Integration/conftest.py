# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""What the integration tests share: the built programs, a collector of their own, waiting for an event."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

import pytest
import requests

ROOT = pathlib.Path(__file__).resolve().parents[2]


def program(name):
    """A program of the release build, which Tests/run.sh made."""
    path = ROOT / ".build" / "release" / name
    assert path.exists(), f"{path} is missing: build it with swift build -c release --product {name}"
    return str(path)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def eventually(check, seconds=20, what="the event"):
    """Waits until check() returns something true, and returns it."""
    deadline = time.monotonic() + seconds
    last = None
    while time.monotonic() < deadline:
        try:
            value = check()
            if value:
                return value
        except (requests.RequestException, AssertionError, OSError) as error:
            last = error
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {seconds} s; last error: {last}")


class Service:
    """A program that answers on a port of the loopback interface."""

    def __init__(self, arguments, port, ready, environment=None, log=None):
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        output = open(log, "w") if log else subprocess.DEVNULL
        self.process = subprocess.Popen(
            arguments, env={**os.environ, **(environment or {})}, stdout=output, stderr=subprocess.STDOUT
        )
        eventually(lambda: self._is_ready(ready), what=f"{arguments[0]} answering on {self.url}{ready}")

    def _is_ready(self, path):
        assert self.process.poll() is None, f"it ended with {self.process.returncode}: {self.output()}"
        return requests.get(self.url + path, timeout=2).status_code == 200

    def output(self):
        return pathlib.Path(self.log).read_text() if self.log else ""

    def resident_bytes(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("no VmRSS")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Ends it as Ctrl-C does, and returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


class Collector(Service):
    def __init__(self, folder, *options, port=None, log=None, enter=()):
        """`enter` is a command that starts another one somewhere else, such as in a namespace."""
        self.folder = str(folder)
        port = port or free_port()
        arguments = [*enter, program("wingbeat"), "collector", "--listen", f"127.0.0.1:{port}", "--data", self.folder]
        # OpenTelemetry's own ports are the same for all collectors of the machine; --listen takes its spans, too.
        arguments += ["--otlp-grpc", "off", "--otlp-http", "off", *options]
        super().__init__(arguments, port, "/health", log=log)

    @property
    def spans_url(self):
        return self.url + "/api/v2/spans"

    def get(self, path, **parameters):
        answer = requests.get(f"{self.url}/api/v2/{path}", params=parameters, timeout=20)
        assert answer.status_code == 200, f"{answer.status_code}: {answer.text}"
        return answer.json()


@pytest.fixture
def collector(tmp_path):
    collector = Collector(tmp_path / "data", log=tmp_path / "collector.log")
    yield collector
    collector.stop()


@pytest.fixture
def services(collector, tmp_path):
    """The string service's back end and front end, reporting to the collector."""
    environment = {"OTEL_EXPORTER_ZIPKIN_ENDPOINT": collector.spans_url}
    back_port, front_port = free_port(), free_port()
    back = Service(
        [program("StringsvcBack")],
        back_port,
        "/healthz",
        {**environment, "PORT": str(back_port), "WINGBEAT_LOG_FORMAT": "json"},
        tmp_path / "back.log",
    )
    front = Service(
        [program("StringsvcFront")],
        front_port,
        "/healthz",
        {**environment, "PORT": str(front_port), "BACKEND": back.url, "WINGBEAT_LOG_FORMAT": "json"},
        tmp_path / "front.log",
    )
    yield front, back
    assert front.stop() == 0
    assert back.stop() == 0


def metric(service, name, **labels):
    """The sum of a service's samples of a name whose labels include the given ones; None when there are none."""
    values = []
    for line in requests.get(service.url + "/metrics", timeout=5).text.splitlines():
        head, _, value = line.rpartition(" ")
        if head.split("{")[0] == name and all(f'{key}="{wanted}"' in head for key, wanted in labels.items()):
            values.append(float(value))
    return sum(values) if values else None


def require(command):
    path = shutil.which(command)
    assert path, f"{command} is missing; Tests/run.sh installs it"
    return path
