# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""A success answer means that the spans survive a kill of the process, whenever it comes."""

import pathlib
import random
import sqlite3
import subprocess
import time

from conftest import Collector, free_port, program
from load import Reader, Sender, otlp_post, zipkin_post

KILLS = 50


def test_acknowledged_spans_survive_fifty_kills(tmp_path):
    seed = random.randrange(1 << 30)
    chance = random.Random(seed)
    folder = tmp_path / "data"
    acknowledged, unanswered = [], []
    collector = Collector(folder)
    for kill in range(KILLS):
        senders = [
            Sender(collector.port, kill * 4 + number, chance.choice([zipkin_post, otlp_post]), unanswered[number::4])
            for number in range(4)
        ]
        time.sleep(chance.uniform(0, 0.6))
        collector.kill()
        for sender in senders:
            sender.join()
        new = [trace for sender in senders for trace in sender.acknowledged]
        # Who did not get an answer sends again, as clients do: the spans must not be there twice.
        unanswered = [post for sender in senders for post in sender.unanswered]
        if kill % 5 == 4:
            kill_while_it_starts(folder, chance.uniform(0, 0.08))
        collector = Collector(folder)
        old = chance.sample(acknowledged, min(20, len(acknowledged)))
        flaws = Reader(collector.port).flaws(new + old)
        assert not flaws, f"seed {seed}, kill {kill + 1}: of {len(new)} acknowledged traces: {flaws[:5]}"
        acknowledged += new

    assert len(acknowledged) > 20 * KILLS, f"seed {seed}: too few traces to tell anything"
    flaws = Reader(collector.port).flaws(acknowledged)
    assert not flaws, f"seed {seed}: {len(flaws)} of {len(acknowledged)} acknowledged traces: {flaws[:5]}"
    collector.kill()
    assert_integrity(folder)
    assert Collector(folder).stop() == 0
    assert_integrity(folder)


def kill_while_it_starts(folder, seconds):
    arguments = ["collector", "--listen", f"127.0.0.1:{free_port()}", "--data", str(folder), "--otlp-grpc", "off", "--otlp-http", "off"]
    process = subprocess.Popen([program("wingbeat"), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    process.kill()
    process.wait()


def assert_integrity(folder):
    files = sorted(pathlib.Path(folder).rglob("*.sqlite"))
    assert files
    for file in files:
        connection = sqlite3.connect(file)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)], file
        connection.close()
