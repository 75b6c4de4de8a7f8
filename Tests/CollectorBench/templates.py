# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Bytes with places that are filled in when they are sent; posts.h says what the kinds mean."""

import struct
from enum import IntEnum


class Kind(IntEnum):
    TRACE_ID_BYTES = 0
    TRACE_ID_HEX = 1
    SPAN_ID_BYTES = 2
    SPAN_ID_HEX = 3
    TIME_NANOSECONDS = 4
    TIME_MICROSECONDS = 5
    DURATION_MICROSECONDS = 6
    NUMBER = 7


WIDTHS = {
    Kind.TRACE_ID_BYTES: 16, Kind.TRACE_ID_HEX: 32, Kind.SPAN_ID_BYTES: 8, Kind.SPAN_ID_HEX: 16,
    Kind.TIME_NANOSECONDS: 8, Kind.TIME_MICROSECONDS: 16,
}


class Template:
    """Bytes and the places in them."""

    def __init__(self, *parts):
        self.data = bytearray()
        self.places = []
        for part in parts:
            self.add(part)

    def add(self, part):
        if isinstance(part, Template):
            self.places += [(offset + len(self.data), *rest) for offset, *rest in part.places]
            self.data += part.data
        else:
            self.data += part if isinstance(part, (bytes, bytearray)) else str(part).encode()

    def __len__(self):
        return len(self.data)

    def packed(self):
        """As posts.c reads it."""
        places = b"".join(struct.pack("<IHHIIq", *place) for place in self.places)
        return struct.pack("<II", len(self.data), len(self.places)) + self.data + places


def place(kind, trace, span=0, time=0, width=None):
    """A place on its own; time in nanoseconds."""
    template = Template(b"0" * (width or WIDTHS[kind]))
    template.places.append((0, kind, len(template), trace, span, time))
    return template


def http_post(path, content_type, body):
    """A whole request."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return Template(head, body)


def write_posts(file, posts, posts_per_group, traces_per_group, spans_per_trace, spans_per_post):
    """The file that the sender reads: posts in the order in which they are sent."""
    sizes = (len(posts), posts_per_group, traces_per_group, spans_per_trace, spans_per_post)
    file.write_bytes(struct.pack("<5I", *sizes) + b"".join(post.packed() for post in posts))


def random_number(seed, index):
    """The number at a place of a sequence, as posts.c has it (SplitMix64)."""
    mask = (1 << 64) - 1
    mixed = (seed + (index + 1) * 0x9E3779B97F4A7C15) & mask
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 & mask
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB & mask
    return mixed ^ (mixed >> 31)


def trace_id(seed, trace):
    """The id of a trace that the sender sent, by its number."""
    return f"{random_number(seed, 2 * trace):016x}{random_number(seed, 2 * trace + 1):016x}"


def number_text(seed, trace, which, width, spans_per_trace):
    """The digits that stand at a place of the kind NUMBER."""
    return f"{random_number(seed + 2, trace * spans_per_trace + which) % 10**width:0{width}d}"
