# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""How the collector answers with millions of spans stored, and what dropping the oldest of them costs."""

import time

import queries
from ingest import Source
from programs import note, progress, size_of
from table import MEGABYTE, MOST_MEMORY

WANTED_SPANS = 10_000_000
BACKGROUND_RATE = 5_000  # spans a second
PATIENCE = 60  # seconds


def fill(run, name, source):
    """Brings a folder to ten million spans; in a short run, to a share of them. Returns all sources in it."""
    wanted = min(WANTED_SPANS, run.seconds * 200_000)
    if source.spans >= wanted:
        return [source]
    note(f"{wanted - source.spans:,} more spans for the queries")
    collector = run.start(name)
    sender = run.sender(name, collector, spans=wanted - source.spans, on_line=progress("filling"))
    more = Source(sender.seed, sender.result()["spans"])
    collector.stop()
    return [source, more]


def cold_start(run, name, sources):
    note("Cold start")
    collector = run.start(name)
    first = queries.Client(collector.port).get(queries.path_of_trace(sources[0].seed, 0))[0]
    run.row(
        "cold start until it answers", 1000 * collector.start_seconds, "ms", 1000,
        remark=f"{sum(source.spans for source in sources):,} spans; the first trace {1000 * first:.0f} ms more",
    )
    return collector


def ask(run, name, collector, sources):
    """Each kind of query in turn while spans come in at an even rate."""
    sender = run.sender(name, collector, rate=BACKGROUND_RATE, connections=4)
    time.sleep(min(3, run.seconds / 5))
    for kind, target, path_of, check in queries.kinds(sources):
        note(f"Queries under {BACKGROUND_RATE:,} spans/s: {kind}")
        ask_one_kind(run, collector, f"{kind}: p99", target, path_of, check)
    end = sender.stop()
    run.row(
        "ingest beside the queries: longest post", end["longest_ms"], "ms",
        remark=f"p99 {end['p99_ms']:.1f} ms; {end['spans'] / end['seconds']:,.0f} spans/s",
    )
    run.row("resident memory while it answers, at most", max(collector.memory) / MEGABYTE, "MiB", MOST_MEMORY)


def ask_one_kind(run, collector, what, target, path_of, check):
    try:
        sample = queries.sample(queries.Client(collector.port), run.seconds / 6, path_of, check)
    except AssertionError as error:
        note(f"  {error}")
        return run.row(what, None, "ms", target, remark=f"wrong or no answer: …{str(error)[-60:]}")
    run.row(
        what, sample.quantile(0.99), "ms", target,
        remark=f"p50 {sample.quantile(0.5):.2f}, longest {sample.quantile(1):.1f}; {len(sample):,} asked",
    )


def drop_oldest(run, name):
    """Lets the folder grow over its limit under ingest, and looks how long a post takes meanwhile."""
    folder = run.folder_of(name)
    files = sorted((folder / "spans").glob("*.sqlite"))
    if len(files) < 2:
        return note("The spans are in one file: there is no oldest one to drop")
    note("Dropping the oldest file")
    size = files[0].stat().st_size
    collector = run.start(name, maximum_bytes=size_of(folder) + 2 * MEGABYTE)
    sender = run.sender(name, collector, rate=4 * BACKGROUND_RATE, interval=0.05, connections=4)
    dropped = time_of_end(files[0])
    time.sleep(2)
    end = sender.stop()
    collector.stop()
    what = "dropping the oldest file: longest post within 1 s"
    if dropped is None:
        return run.row(what, None, "ms", 100, remark=f"it was not dropped within {PATIENCE} s")
    near = [line["longest_ms"] for line in sender.lines[:-1] if abs(line["at"] - dropped) < 1]
    run.row(what, max(near), "ms", 100, remark=f"{size / MEGABYTE:,.0f} MiB; p99 of all posts {end['p99_ms']:.1f} ms")


def time_of_end(file):
    """When a file went; None when it stays."""
    deadline = time.monotonic() + PATIENCE
    while file.exists():
        if time.monotonic() > deadline:
            return None
        time.sleep(0.002)
    return time.monotonic()
