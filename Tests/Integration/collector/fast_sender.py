# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The sender of Tests/CollectorBench for tests that need many spans soon."""

import pathlib
import sys

BENCH = pathlib.Path(__file__).resolve().parents[2] / "CollectorBench"
sys.path.append(str(BENCH))

import realistic  # noqa: E402 - found through the path above
from encoders import FORMATS  # noqa: E402
from programs import Sender, compiled  # noqa: E402
from templates import trace_id, write_posts  # noqa: E402, F401

TRACE_SPANS = realistic.SPANS_PER_TRACE


def prepare(folder, format="OTLP protobuf"):
    """Compiles the sender and encodes its posts; returns their file."""
    Sender.program = compiled("sender", ["sender.c", "posts.c"], folder)
    file = folder / "posts"
    posts = [FORMATS[format](spans) for spans in realistic.posts()]
    write_posts(
        file, posts, realistic.POSTS_PER_GROUP, realistic.TRACES_PER_GROUP, realistic.SPANS_PER_TRACE, realistic.SPANS_PER_POST
    )
    return file


def send(file, collector, **options):
    """Starts the sender; `result()` waits for its end and says how many spans were acknowledged."""
    return Sender(file, collector.port, **options)
