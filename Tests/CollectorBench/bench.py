# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""What the collector can do on this machine, sender included. README.md says how everything is measured."""

import argparse
import json
import os
import pathlib
import subprocess
import tempfile

import realistic
from answers import ask, cold_start, drop_oldest, fill
from encoders import FORMATS
from ingest import ingest
from programs import Collector, Sender, compiled, note
from table import Row, objects, text
from templates import write_posts

LIMIT_SPANS = 4_000_000


class Run:
    """What the steps share: programs, folders, rows."""

    def __init__(self, seconds, folder):
        self.seconds = seconds
        self.folder = folder
        self.rows = []
        self.log = open(folder / "collector.log", "w")
        Sender.program = compiled("sender", ["sender.c", "posts.c"], folder)
        self.limit_program = compiled("limit", ["limit.c"], folder, "-lsqlite3")
        self.posts = {name: self._write(name, encode) for name, encode in FORMATS.items()}
        command = [Collector.program, "collector", "--help"]
        self.collector_help = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def _write(self, name, encode):
        file = self.folder_of(name).with_suffix(".posts")
        posts = [encode(spans) for spans in realistic.posts()]
        write_posts(
            file, posts, realistic.POSTS_PER_GROUP, realistic.TRACES_PER_GROUP, realistic.SPANS_PER_TRACE,
            realistic.SPANS_PER_POST,
        )
        return file

    def folder_of(self, name):
        """Where the spans of a format are kept."""
        return self.folder / name.split()[0]

    def start(self, name, maximum_bytes=20_000_000_000):
        options = ["--max-bytes", str(maximum_bytes)] if "--max-bytes" in self.collector_help else []
        return Collector(self.folder_of(name), *options, log=self.log)

    def sender(self, name, collector, **options):
        return Sender(self.posts[name], collector.port, **options)

    def row(self, *arguments, **members):
        self.rows.append(Row(*arguments, **members))


def limit(run):
    """What SQLite takes when nothing else is to be done."""
    note("SQLite alone")
    scratch = run.folder / "sqlite"
    scratch.mkdir()
    spans = min(LIMIT_SPANS, run.seconds * 200_000)
    done = subprocess.run([run.limit_program, scratch, str(spans)], stdout=subprocess.PIPE, check=True)
    result = json.loads(done.stdout)
    run.limit_rate = result["spans"] / result["cpu_seconds"]
    run.row(
        "C: SQLite, packed blocks, on one core", run.limit_rate, "spans/s",
        remark=f"{result['spans'] / result['seconds']:,.0f} with waiting for the disk; {result['bytes'] / result['spans']:.0f} B a span",
    )


def arguments():
    parser = argparse.ArgumentParser(description="Measures the collector of the release build, sender included.")
    parser.add_argument("--seconds", type=int, default=60, help="how long spans of each format are sent (default: 60)")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="writes the rows there, too")
    parser.add_argument("--folder", type=pathlib.Path, help="for spans (default: a temporary one)")
    return parser.parse_args()


def main():
    options = arguments()
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="wingbeat-bench-", dir=options.folder) as scratch:
        run = Run(options.seconds, pathlib.Path(scratch))
        limit(run)
        ingest(run, "Zipkin v2 JSON")
        name = "OTLP protobuf"
        sources = fill(run, name, ingest(run, name))
        collector = cold_start(run, name, sources)
        ask(run, name, collector, sources)
        collector.stop()
        drop_oldest(run, name)
    print(text(run.rows))
    print(f"\nload of the machine: {before:.1f} before, {os.getloadavg()[0]:.1f} after; {os.cpu_count()} cores")
    if options.json:
        options.json.write_text(json.dumps(objects(run.rows), indent=2) + "\n")


if __name__ == "__main__":
    main()
