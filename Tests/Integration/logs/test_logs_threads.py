# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Many threads log to one sink; the disk gets full, and who reads goes away.

`direct` writes at once, `block` and `drop` are buffers that wait for room or drop what finds none.
"""

import contextlib
import json
import re
import resource
import subprocess
import time

import pytest

from conftest import program

SINKS = ("direct", "block", "drop")
LINE = re.compile(rb'ts=[-0-9T:.]+Z level=info logger=probe msg="at work" thread=(\d+) number=(\d+) size=(\d+) filler=(x*)')


class Probe:
    """LogProbe's threads; a context that ends them, and they must end well."""

    def __init__(self, sink, threads, lines, stdout, under=()):
        self.process = subprocess.Popen(
            [*under, program("LogProbe"), "threads", sink, str(threads), str(lines)],
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=subprocess.PIPE,
        )

    def totals(self):
        """What the pipeline has counted after the round that goes on."""
        line = self.process.stderr.readline()
        assert line, f"it ended with {self.process.wait(60)}"
        return json.loads(line)

    def go_on(self):
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(60)
        self.process.kill()
        assert error or self.process.returncode == 0


def whole_line(line):
    """What a line of LogProbe says; none when a part of it is missing."""
    whole = LINE.fullmatch(line)
    return whole if whole and int(whole[3]) == len(whole[4]) else None


def numbers_of_threads(text, torn=0):
    """The numbers of each thread's lines, in their order; more lines that are not whole than told are an error."""
    numbers, broken = {}, []
    for line in text.split(b"\n")[:-1]:
        if whole := whole_line(line):
            numbers.setdefault(int(whole[1]), []).append(int(whole[2]))
        else:
            broken.append(line)
    assert len(broken) <= torn, broken[:5]
    assert text[-1:] in (b"\n", b"")
    return numbers


def assert_rising(numbers):
    for thread, found in numbers.items():
        assert all(one < next for one, next in zip(found, found[1:])), thread


def read_all(stream, size, pause):
    """Reads to the end, slower than lines come."""
    chunks = []
    while chunk := stream.read(size):
        chunks.append(chunk)
        time.sleep(pause)
    return b"".join(chunks)


def lost(totals):
    return totals["full"] + totals["failed"]


@pytest.mark.parametrize("sink", ["direct", "block"])
def test_lines_of_eight_threads_are_whole_and_none_is_lost(sink, tmp_path):
    with open(tmp_path / "log", "wb") as log, Probe(sink, 8, 100_000, log) as probe:
        totals = probe.totals()
    text = (tmp_path / "log").read_bytes()
    assert totals == {"lines": 800_000, "bytes": len(text), "full": 0, "failed": 0}
    assert numbers_of_threads(text) == {thread: list(range(100_000)) for thread in range(8)}


def test_lines_that_are_dropped_are_counted_and_the_others_are_whole(tmp_path):
    with open(tmp_path / "log", "wb") as log, Probe("drop", 8, 100_000, log) as probe:
        totals = probe.totals()
    text = (tmp_path / "log").read_bytes()
    assert totals["lines"] == 800_000 and totals["bytes"] == len(text) and totals["failed"] == 0
    numbers = numbers_of_threads(text)
    assert_rising(numbers)
    assert sum(map(len, numbers.values())) == 800_000 - totals["full"]


@pytest.mark.parametrize("sink", ["direct", "block"])
def test_a_slow_reader_gets_every_line(sink):
    with Probe(sink, 8, 5_000, subprocess.PIPE) as probe:
        probe.process.stdin.close()
        text = read_all(probe.process.stdout, 1 << 20, 0.02)
        totals = probe.totals()
    assert totals == {"lines": 40_000, "bytes": len(text), "full": 0, "failed": 0}
    assert numbers_of_threads(text) == {thread: list(range(5_000)) for thread in range(8)}


def test_a_slow_reader_gets_what_was_not_dropped():
    with Probe("drop", 8, 20_000, subprocess.PIPE) as probe:
        probe.process.stdin.close()
        text = read_all(probe.process.stdout, 1 << 16, 0.01)
        totals = probe.totals()
    assert totals["lines"] == 160_000 and totals["full"] > 0 and totals["failed"] == 0
    assert totals["bytes"] == len(text)
    numbers = numbers_of_threads(text)
    assert_rising(numbers)
    assert sum(map(len, numbers.values())) == 160_000 - totals["full"]


def test_a_service_that_drops_does_not_wait_for_who_does_not_read():
    """Three megabytes of lines and a flush, which waits for a second; what was taken is still there to be read."""
    with Probe("drop", 4, 5_000, subprocess.PIPE) as probe:
        start = time.monotonic()
        totals = probe.totals()
        took = time.monotonic() - start
        probe.process.stdin.close()
        text = read_all(probe.process.stdout, 1 << 20, 0)
    assert took < 10
    assert totals["lines"] == 20_000 and totals["full"] > 0 and totals["failed"] == 0
    numbers = numbers_of_threads(text)
    assert_rising(numbers)
    assert sum(map(len, numbers.values())) == 20_000 - totals["full"]


@pytest.mark.parametrize("sink", SINKS)
def test_a_reader_that_goes_away_does_not_end_the_service(sink):
    with Probe(sink, 4, 5_000, subprocess.PIPE) as probe:
        read = probe.process.stdout.read(100_000)
        probe.process.stdout.close()
        totals = probe.totals()
        probe.go_on()
        later = probe.totals()
    assert_rising(numbers_of_threads(read[: read.rindex(b"\n") + 1]))
    assert totals["lines"] == 20_000 and later["lines"] == 40_000
    assert 0 < lost(totals) <= 20_000 - read.count(b"\n")
    assert lost(later) == lost(totals) + 20_000
    assert sink == "drop" or later["full"] == 0


@pytest.mark.parametrize("sink", SINKS)
def test_a_disk_that_is_full_from_the_start_loses_counted_lines(sink):
    with open("/dev/full", "wb") as full, Probe(sink, 4, 1_000, full) as probe:
        totals = probe.totals()
    assert totals["lines"] == totals["failed"] == 4_000 and totals["full"] == 0
    # A buffer counts what it took, before it knows that nothing comes of it.
    assert totals["bytes"] == 0 if sink == "direct" else totals["bytes"] > 4_000 * 100


@pytest.mark.parametrize("sink", SINKS)
def test_lines_go_on_when_a_full_disk_has_room_again(sink, tmp_path):
    """The kernel's limit of a file's size comes in the middle of a line, as a disk's end does, and can be lifted."""
    path = tmp_path / "log"
    limit = ["env", "--ignore-signal=XFSZ", "prlimit", "--fsize=300000:unlimited"]
    with open(path, "ab") as log, Probe(sink, 4, 1_000, log, under=limit) as probe:
        full = probe.totals()
        assert path.stat().st_size == 300_000 and full["failed"] > 0
        resource.prlimit(probe.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        probe.go_on()
        totals = probe.totals()
    assert totals["full"] == 0 and totals["failed"] == full["failed"], "nothing is lost once there is room"
    text = path.read_bytes()
    numbers = numbers_of_threads(text, torn=1)
    assert_rising(numbers)
    whole = sum(map(len, numbers.values()))
    # A line that lacked only its end when the disk was full is counted as failed, and whole once the end is written.
    completed = 1 if whole_line(text[:300_000].rsplit(b"\n", 1)[-1]) else 0
    assert whole == totals["lines"] - totals["failed"] + completed, "what is not counted as failed is there"
    for found in numbers.values():
        assert found[-1_000:] == list(range(1_000, 2_000))
