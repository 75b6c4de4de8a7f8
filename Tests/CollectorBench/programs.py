# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The programs of a run: the collector, the sender, the limit; what they cost, read from the system."""

import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SEEDS = iter(range(int(time.time()) * 1000, 1 << 62))


def note(sentence):
    print(sentence, file=sys.stderr, flush=True)


def progress(name):
    """Prints a sender's state each second on a terminal, else every ten seconds."""
    every = 1 if sys.stderr.isatty() else 10

    def show(line):
        if line.get("done") or int(line["seconds"]) % every:
            return
        rate = line["spans"] / line["seconds"]
        note(f"  {name}: {line['seconds']:.0f} s, {line['spans']:,} spans, {rate:,.0f} a second, {line['refused']:,} refused")

    return show


def compiled(name, sources, folder, *libraries):
    """A program of this folder's C."""
    compiler = shutil.which("clang") or shutil.which("cc") or "cc"
    program = folder / name
    subprocess.run(
        [compiler, "-O2", "-Wall", "-Wextra", "-o", program, *(HERE / source for source in sources), *libraries], check=True
    )
    return str(program)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def size_of(folder):
    """Bytes of the files in a folder and below it; files may go while they are counted."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(parent, name)).st_size
            except FileNotFoundError:
                pass
    return total


class Collector:
    """The built collector, on a port and a folder of its own."""

    program = str(ROOT / ".build" / "release" / "wingbeat")

    def __init__(self, folder, *options, log):
        self.folder = folder
        self.port = free_port()
        self.memory = []
        began = time.monotonic()
        arguments = [self.program, "collector", "--listen", f"127.0.0.1:{self.port}", "--data", str(folder)]
        arguments += ["--otlp-grpc", "off", "--otlp-http", "off", *options]
        self.process = subprocess.Popen(arguments, stdout=log, stderr=subprocess.STDOUT)
        while not self._answers():
            assert self.process.poll() is None, f"the collector ended with {self.process.returncode}; see {log.name}"
            time.sleep(0.001)
        self.start_seconds = time.monotonic() - began
        threading.Thread(target=self._watch, daemon=True).start()

    def _answers(self):
        try:
            return self.get("/health")[0] == 200
        except OSError:
            return False

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def json(self, path):
        """What is there; None when there is nothing at the path."""
        status, body = self.get(path)
        assert status in (200, 404), f"{path}: {status} {body[:200]}"
        return json.loads(body) if status == 200 else None

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _watch(self):
        """Notes the resident memory five times a second."""
        try:
            while self.process.poll() is None:
                resident = int(pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
                self.memory.append(resident * os.sysconf("SC_PAGESIZE"))
                time.sleep(0.2)
        except (OSError, IndexError):
            pass

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=120)


class Sender:
    """The sender at work; each line of its output goes to a function as it comes."""

    program = None

    def __init__(self, posts, port, seconds=0, spans=0, rate=0, interval=1, connections=8, on_line=None):
        self.seed = next(SEEDS)
        arguments = [posts, port, self.seed, connections, seconds, spans, rate, interval]
        self.process = subprocess.Popen([self.program, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
        self.lines = []
        self._reader = threading.Thread(target=self._read, args=(on_line,), daemon=True)
        self._reader.start()

    def _read(self, on_line):
        for text in self.process.stdout:
            line = {**json.loads(text), "at": time.monotonic()}
            self.lines.append(line)
            if on_line:
                on_line(line)

    def result(self):
        """Waits for its end."""
        self._reader.join()
        assert self.process.wait() == 0, "the sender failed; its reason stands above"
        return self.lines[-1]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.result()
