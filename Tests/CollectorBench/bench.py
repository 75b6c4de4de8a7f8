# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""What the collector can do on this machine, sender included. README.md says how everything is measured."""

import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import queries
import realistic
from encoders import FORMATS
from programs import Collector, Sender, compiled, size_of
from table import Row, objects, text
from templates import trace_id, write_posts

TARGETS = {"OTLP protobuf": 200_000, "Zipkin v2 JSON": 120_000}
LIMIT_SPANS = 4_000_000
WANTED_SPANS = 10_000_000
BACKGROUND_RATE = 5_000
MEGABYTE = 1 << 20


def note(sentence):
    print(sentence, file=sys.stderr, flush=True)


def progress(name):
    """Prints the state each second on a terminal, else every ten seconds."""
    every = 1 if sys.stderr.isatty() else 10

    def show(line):
        if line.get("done") or int(line["seconds"]) % every:
            return
        rate = line["spans"] / line["seconds"]
        note(f"  {name}: {line['seconds']:.0f} s, {line['spans']:,} spans, {rate:,.0f} a second, {line['refused']:,} refused")

    return show


class Bench:
    def __init__(self, seconds, folder):
        self.seconds = seconds
        self.folder = folder
        self.rows = []
        self.log = open(folder / "collector.log", "w")
        Sender.program = compiled("sender", ["sender.c", "posts.c"], folder)
        self.limit_program = compiled("limit", ["limit.c"], folder, "-lsqlite3")
        self.posts = {name: self._write(name, encode) for name, encode in FORMATS.items()}

    def _write(self, name, encode):
        file = self.folder / (name.split()[0] + ".posts")
        posts = [encode(spans) for spans in realistic.posts()]
        write_posts(
            file, posts, realistic.POSTS_PER_GROUP, realistic.TRACES_PER_GROUP, realistic.SPANS_PER_TRACE,
            realistic.SPANS_PER_POST,
        )
        return file

    def row(self, *arguments, **members):
        self.rows.append(Row(*arguments, **members))

    def start(self, name, *options):
        known = subprocess.run([Collector.program, "collector", "--help"], capture_output=True, text=True).stdout
        offered = [option for option in options if option.split("=")[0] in known]
        return Collector(self.folder / name, *offered, log=self.log)

    def limit(self):
        note("SQLite alone")
        scratch = self.folder / "sqlite"
        scratch.mkdir()
        spans = min(LIMIT_SPANS, self.seconds * 200_000)
        result = json.loads(subprocess.run([self.limit_program, scratch, str(spans)], capture_output=True, check=True).stdout)
        rate = result["spans"] / result["seconds"]
        cpu = 1e6 * result["cpu_seconds"] / result["spans"]
        size = result["bytes"] / result["spans"]
        self.row("C: SQLite rows of packed blocks", rate, "spans/s", remark=f"{cpu:.2f} µs CPU and {size:.0f} B a span")
        self.limit_rate = result["spans"] / result["cpu_seconds"]

    def ingest(self, name):
        """As much as the collector takes; returns the sender's seed and how many spans were acknowledged."""
        note(f"{name}: {self.seconds} s at full speed")
        collector = self.start(name.split()[0], "--max-bytes=20GB")
        sender = Sender(self.posts[name], collector.port, seconds=self.seconds, on_line=progress(name))
        end = sender.result()
        self._rate_rows(name, collector, end)
        self._memory_row(name, collector)
        self._counted(name, collector, sender.seed, end["spans"])
        collector.stop()
        size = size_of(collector.folder)
        self.row(f"{name}: disk", size / end["spans"], "B/span", 80, remark=f"{size / MEGABYTE:,.0f} MiB after the end")
        return sender.seed, end["spans"]

    def _rate_rows(self, name, collector, end):
        spans = end["spans"]
        rate = spans / end["seconds"]
        share = rate / self.limit_rate
        refused = f", {end['refused']:,} spans refused" if end["refused"] else ""
        self.row(
            f"{name}: ingest", rate, "spans/s", TARGETS[name], least=True,
            remark=f"{100 * share:.0f} % of SQLite's on one core; a post p50 {end['p50_ms']:.1f}, p99 {end['p99_ms']:.1f},"
            f" longest {end['longest_ms']:.0f} ms{refused}",
        )
        sent = f"sender {1e6 * end['cpu_seconds'] / spans:.2f} µs, {end['bytes'] / spans:.0f} B a span"
        self.row(f"{name}: CPU of the collector", 1e6 * collector.cpu_seconds() / spans, "µs/span", remark=sent)

    def _memory_row(self, name, collector):
        memory = collector.memory
        half = len(memory) // 2
        growth = sum(memory[-5:]) / len(memory[-5:]) - memory[half]
        self.row(
            f"{name}: resident memory at most", max(memory) / MEGABYTE, "MiB", 286,
            remark=f"{growth / MEGABYTE:+.0f} MiB in the second half",
        )

    def _counted(self, name, collector, seed, acknowledged):
        """The collector's own count beside what it acknowledged, and a thousand traces read back."""
        whole, asked = self._read_back(collector, seed, acknowledged)
        self.row(
            f"{name}: spans in the store", stored_spans(collector), "spans", acknowledged, least=True,
            remark=f"the target is what was acknowledged; {whole:,} of {asked:,} traces read back are whole",
        )

    def _read_back(self, collector, seed, acknowledged):
        # A group that was cut off at the end is left out.
        traces = acknowledged // realistic.SPANS_PER_TRACE - 2 * realistic.TRACES_PER_GROUP
        numbers = random.Random(seed).sample(range(traces), min(1000, traces))
        client = queries.Client(collector.port)
        ids = [trace_id(seed, number) for number in numbers]
        whole = 0
        for id in ids:
            try:
                whole += client.get(f"/api/v2/trace/{id}")[1].count(f'"traceId":"{id}"'.encode()) == realistic.SPANS_PER_TRACE
            except AssertionError as error:
                note(f"  {error}")
        return whole, len(ids)

    def fill(self, name, have):
        """Brings a folder to ten million spans, where a run of a minute did not; in a short run it is left as it is."""
        wanted = min(WANTED_SPANS, self.seconds * 200_000)
        if have >= wanted:
            return have
        note(f"{wanted - have:,} more spans for the queries")
        collector = self.start(name.split()[0], "--max-bytes=20GB")
        sender = Sender(self.posts[name], collector.port, spans=wanted - have, on_line=progress("filling"))
        have += sender.result()["spans"]
        collector.stop()
        return have

    def cold_start(self, name, seed, stored):
        note("Cold start")
        collector = self.start(name.split()[0], "--max-bytes=20GB")
        id = trace_id(seed, 0)
        client = queries.Client(collector.port)
        first, _ = client.get(f"/api/v2/trace/{id}")
        self.row(
            "cold start until it answers", 1000 * collector.start_seconds, "ms", 1000,
            remark=f"{stored:,} spans; the first trace {1000 * first:.0f} ms more",
        )
        return collector

    def ask(self, name, collector, seed, traces):
        """Each kind of query in turn while spans come in at an even rate."""
        sender = Sender(self.posts[name], collector.port, rate=BACKGROUND_RATE, connections=4)
        client = queries.Client(collector.port)
        time.sleep(min(3, self.seconds / 5))
        for kind, target, path_of, check in queries.kinds(seed, traces):
            note(f"Queries under {BACKGROUND_RATE:,} spans/s: {kind}")
            try:
                sample = queries.sample(client, self.seconds / 6, path_of, check)
            except AssertionError as error:
                note(f"  {error}")
                self.row(f"{kind}: p99", None, "ms", target, remark=f"no answer: {str(error)[-60:]}")
                client = queries.Client(collector.port)
                continue
            self.row(
                f"{kind}: p99", sample.quantile(0.99), "ms", target,
                remark=f"p50 {sample.quantile(0.5):.2f}, longest {sample.quantile(1):.1f}; {len(sample):,} asked",
            )
        end = sender.stop()
        self.row(
            "ingest beside the queries: longest post", end["longest_ms"], "ms",
            remark=f"p99 {end['p99_ms']:.1f} ms; {end['spans'] / end['seconds']:,.0f} spans/s",
        )
        self.row("resident memory while it answers, at most", max(collector.memory) / MEGABYTE, "MiB", 286)

    def drop_oldest(self, name):
        """Lets the folder grow over its limit under ingest, and looks how long a post takes meanwhile."""
        files = hour_files(self.folder / name.split()[0])
        if len(files) < 2:
            return note("One file only: nothing to drop")
        note("Dropping the oldest file")
        limit = size_of(self.folder / name.split()[0]) + 2 * MEGABYTE
        collector = self.start(name.split()[0], f"--max-bytes={limit}")
        oldest = files[0]
        size = oldest.stat().st_size
        sender = Sender(self.posts[name], collector.port, rate=4 * BACKGROUND_RATE, interval=0.05, connections=4)
        deadline = time.monotonic() + 60
        while oldest.exists() and time.monotonic() < deadline:
            time.sleep(0.002)
        dropped = time.monotonic()
        gone = not oldest.exists()
        time.sleep(2)
        end = sender.stop()
        collector.stop()
        if not gone:
            return self.row("dropping the oldest file", None, "ms", 100, remark="it was not dropped within a minute")
        near = [line["longest_ms"] for line in sender.lines[:-1] if abs(line["at"] - dropped) < 1]
        self.row(
            "dropping the oldest file: longest post within 1 s", max(near), "ms", 100,
            remark=f"{size / MEGABYTE:,.0f} MiB; longest of the other posts' p99 {end['p99_ms']:.1f} ms",
        )


def stored_spans(collector):
    """How many spans the collector finds in its store; None when it does not say."""
    status = collector.json("/api/status")
    return status and find(status, "spans")


def find(status, name):
    """A number of the status by its name, wherever it stands."""
    if not isinstance(status, dict):
        return None
    if isinstance(status.get(name), (int, float)):
        return status[name]
    return next((found for found in (find(member, name) for member in status.values()) if found is not None), None)


def hour_files(folder):
    """The files of spans, oldest first."""
    return sorted((folder / "spans").glob("*.sqlite")) if (folder / "spans").is_dir() else []


def arguments():
    parser = argparse.ArgumentParser(description="Measures the collector of the release build, sender included.")
    parser.add_argument("--seconds", type=int, default=60, help="how long spans of each format are sent (default: 60)")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="writes the rows there, too")
    parser.add_argument("--folder", type=pathlib.Path, help="where spans are kept meanwhile (default: the system's for temporary files)")
    return parser.parse_args()


def main():
    options = arguments()
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="wingbeat-bench-", dir=options.folder) as scratch:
        bench = Bench(options.seconds, pathlib.Path(scratch))
        bench.limit()
        bench.ingest("Zipkin v2 JSON")
        name = "OTLP protobuf"
        seed, stored = bench.ingest(name)
        traces = stored // realistic.SPANS_PER_TRACE - 2 * realistic.TRACES_PER_GROUP
        stored = bench.fill(name, stored)
        collector = bench.cold_start(name, seed, stored)
        bench.ask(name, collector, seed, traces)
        collector.stop()
        bench.drop_oldest(name)
    print(text(bench.rows))
    print(f"\nload of the machine: {before:.1f} before, {os.getloadavg()[0]:.1f} after; {os.cpu_count()} cores")
    if options.json:
        options.json.write_text(json.dumps(objects(bench.rows), indent=2) + "\n")


if __name__ == "__main__":
    main()
