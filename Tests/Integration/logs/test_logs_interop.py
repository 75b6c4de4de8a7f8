# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The same events logged by go-kit/log and by ours, and whatever is logged read back by Python and by go-logfmt."""

import base64
import codecs
import json
import math
import random
import re

import pytest

from log_events import RandomEvents, as_lines, chosen_events
from log_programs import gokit_log, log_probe, parse_logfmt

SEED = random.randrange(2**32)
COUNT = 100_000
# What ours escapes, or leaves out of keys, and Go's does not.
WILD = "\x7f-\x9f\u2028\u2029"

codecs.register_error("each byte", lambda error: ("\ufffd" * (error.end - error.start), error.end))


def text_of(pair):
    """What a pair's value is as text."""
    if pair["kind"] == "bytes":
        return base64.b64decode(pair["value"]).decode("utf-8", "each byte")
    return "null" if pair["kind"] == "null" else pair["value"]


def value_of(pair):
    """What a pair's value is in JSON, where numbers that cannot be said are text."""
    kind, text = pair["kind"], text_of(pair)
    if kind == "double":
        return float(text) if math.isfinite(float(text)) else {"nan": "NaN", "inf": "+Inf", "-inf": "-Inf"}[text]
    if kind == "null":
        return None
    return text == "true" if kind == "bool" else int(text) if kind in ("int", "unsigned") else text


def logfmt_key(key):
    return re.sub(f'[\0- ="\ufffd{WILD}]', "", key)


def is_wild(event):
    texts = [event["message"], *(pair["key"] + text_of(pair) for pair in event["pairs"])]
    return re.search(f"[{WILD}]", "".join(texts)) is not None


def doubles_of(event):
    """The keys whose last value is a number with a fraction: Go writes 1e6 as 1000000."""
    last = {pair["key"]: pair for pair in event["pairs"]}
    return {key for key, pair in last.items() if pair["kind"] == "double" and math.isfinite(float(pair["value"]))}


def parsed(line, event):
    """The fields of a line of JSON with their types, and -0 with its sign."""
    found = json.loads(line, parse_int=lambda text: -0.0 if text == "-0" else int(text))
    doubles = doubles_of(event)
    return {key: exact(float(value) if key in doubles else value) for key, value in found.items()}


def exact(value):
    """Tells 1 from 1.0 and True, and 0.0 from -0.0."""
    return type(value).__name__, value.hex() if isinstance(value, float) else value


def meant(event):
    fields = {"level": event["level"], "msg": event["message"]}
    fields.update((pair["key"], value_of(pair)) for pair in event["pairs"])
    return {key: exact(value) for key, value in fields.items()}


def assert_lines(found, wanted):
    """Shows the first lines that differ, for the difference of two long texts takes for ever."""
    found, wanted = found.split(b"\n"), wanted.split(b"\n")
    different = [(line, want) for line, want in zip(found, wanted) if line != want]
    assert different[:5] == []
    assert len(found) == len(wanted)


def assert_whole_and_harmless(output, count):
    """As many lines as events, by every notion of a line, and nothing in them that speaks to a terminal."""
    text = output.decode("utf-8", "strict")
    lines, ends, last = len(text.splitlines()), text.count("\n"), text[-1:]
    assert lines == ends == count and last == "\n"
    loud = re.search(f"[\0-\x09\x0b-\x1f{WILD}]", text)
    assert not loud, text[max(0, loud.start() - 80) : loud.end() + 80]


def test_logfmt_is_byte_for_byte_that_of_go_kit():
    events = as_lines(chosen_events(infinite=True))
    assert events.count("\n") == 200
    assert_lines(log_probe("logfmt", events), gokit_log("logfmt", events))


def test_json_means_what_that_of_go_kit_means():
    events = chosen_events(infinite=False)
    assert len(events) == 200
    ours = log_probe("json", as_lines(events)).splitlines()
    gos = gokit_log("json", as_lines(events)).splitlines()
    assert len(ours) == len(gos) == 200
    for event, our, go in zip(events, ours, gos):
        assert parsed(our, event) == meant(event)
        assert parsed(our, event) == parsed(go, event)


@pytest.fixture(scope="module")
def random_events():
    print("seed", SEED)
    return RandomEvents(SEED, infinite=True).make(COUNT)


def test_any_logfmt_reads_back_in_go(random_events):
    output = log_probe("logfmt", as_lines(random_events))
    assert_whole_and_harmless(output, COUNT)
    records = parse_logfmt(output).splitlines()
    assert len(records) == COUNT
    for event, record in zip(random_events, records):
        wanted = [["level", event["level"]], ["msg", event["message"]]]
        wanted += [[logfmt_key(pair["key"]), text_of(pair)] for pair in event["pairs"]]
        found = json.loads(record)
        for place, pair in enumerate(event["pairs"], 2):
            if pair["kind"] == "double":
                wanted[place][1], found[place][1] = (float(side[place][1]).hex() for side in (wanted, found))
        assert found == wanted


def test_random_logfmt_is_byte_for_byte_that_of_go_kit(random_events):
    tame = [event for event in random_events if not is_wild(event)]
    assert len(tame) > COUNT / 2
    events = as_lines(tame)
    assert_lines(log_probe("logfmt", events), gokit_log("logfmt", events))


def test_any_json_reads_back_in_python(random_events):
    output = log_probe("json", as_lines(random_events))
    assert_whole_and_harmless(output, COUNT)
    for event, line in zip(random_events, output.splitlines()):
        assert parsed(line, event) == meant(event)
