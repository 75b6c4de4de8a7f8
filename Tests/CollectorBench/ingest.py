# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""As many spans as the collector takes, and whether they are all there afterwards."""

import random

import queries
import realistic
from programs import note, progress, size_of
from table import MEGABYTE, MOST_MEMORY

TARGETS = {"OTLP protobuf": 200_000, "Zipkin v2 JSON": 120_000}
# A group that was cut off at the end of a run is left out of what is read back.
CUT_OFF = 2 * realistic.TRACES_PER_GROUP


def ingest(run, name):
    """Sends for the seconds of the run; returns what was stored, for the queries."""
    note(f"{name}: {run.seconds} s at full speed")
    collector = run.start(name)
    sender = run.sender(name, collector, seconds=run.seconds, on_line=progress(name))
    end = sender.result()
    source = Source(sender.seed, end["spans"])
    rate_rows(run, name, collector, end)
    memory_row(run, name, collector)
    whole, asked = read_back(collector, source)
    run.row(
        f"{name}: spans in the store", stored_spans(collector), "spans", source.spans, least=True,
        remark=f"the target is what was acknowledged; {whole:,} of {asked:,} traces read back are whole",
    )
    collector.stop()
    size = size_of(collector.folder)
    run.row(f"{name}: disk", size / source.spans, "B/span", 80, remark=f"{size / MEGABYTE:,.0f} MiB after the end")
    return source


class Source:
    """The spans of one run of the sender."""

    def __init__(self, seed, spans):
        self.seed = seed
        self.spans = spans
        self.traces = max(spans // realistic.SPANS_PER_TRACE - CUT_OFF, 1)


def rate_rows(run, name, collector, end):
    spans = end["spans"]
    rate = spans / end["seconds"]
    refused = f"; {end['refused']:,} spans refused" if end["refused"] else ""
    run.row(
        f"{name}: ingest", rate, "spans/s", TARGETS[name], least=True,
        remark=f"{100 * rate / run.limit_rate:.0f} % of SQLite's on one core; a post p50 {end['p50_ms']:.1f},"
        f" p99 {end['p99_ms']:.1f}, longest {end['longest_ms']:.0f} ms{refused}",
    )
    run.row(
        f"{name}: CPU of the collector", 1e6 * collector.cpu_seconds() / spans, "µs/span",
        remark=f"sender {1e6 * end['cpu_seconds'] / spans:.2f} µs, {end['bytes'] / spans:.0f} B a span",
    )


def memory_row(run, name, collector):
    memory = collector.memory
    growth = sum(memory[-5:]) / len(memory[-5:]) - memory[len(memory) // 2]
    run.row(
        f"{name}: resident memory at most", max(memory) / MEGABYTE, "MiB", MOST_MEMORY,
        remark=f"{growth / MEGABYTE:+.0f} MiB in the second half",
    )


def read_back(collector, source):
    """How many of a thousand traces are there with each of their spans once, and of how many."""
    numbers = random.Random(source.seed).sample(range(source.traces), min(1000, source.traces))
    client = queries.Client(collector.port)
    return sum(queries.is_whole(client, source.seed, number) for number in numbers), len(numbers)


def stored_spans(collector):
    """How many spans the collector finds in its store; None when it does not say."""
    return find(collector.json("/api/status") or {}, "spans")


def find(status, name):
    """A number by its name, wherever it stands."""
    if not isinstance(status, dict):
        return None
    if isinstance(status.get(name), (int, float)):
        return status[name]
    return next((found for found in (find(member, name) for member in status.values()) if found is not None), None)
