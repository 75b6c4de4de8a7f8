# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Headers between ours and libraries that others wrote, in every format and for every decision, both ways."""

import functools
import itertools

import pytest

from trace_programs import OpenTelemetryPython, PyZipkin, opentelemetry_go, said, wingbeat, zipkin_go

LONG, SHORT, SPAN, PARENT = "463ac35c9f6413ad48485a3953bb6124", "48485a3953bb6124", "a2fb4a1d1a96d312", "0020000000000001"
DECISIONS = ("deferred", "notSampled", "sampled", "debug")
FEW = ("notSampled", "sampled")

CONTEXTS = [
    said({"trace": trace, "span": SPAN, "parent": parent, "sampling": sampling})
    for trace, parent, sampling in itertools.product((LONG, SHORT), (None, PARENT), DECISIONS)
]
EXTRAS = [
    {**context, **extra}
    for context in CONTEXTS if "parent" not in context
    for extra in (
        {}, {"state": "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"}, {"baggage": [["user", "alice"], ["plan", "pro-1.2_~"]]},
    )
]

# What a library makes of a decision that it has no word for.
WORDS = {
    "zipkin-go": {},
    "py_zipkin": {},
    "otel b3": {"deferred": "sampled", "debug": "sampled"},
    "otel b3multi": {"deferred": "notSampled", "debug": "sampled"},
    "otel w3c": {"deferred": "notSampled", "debug": "sampled"},
}
W3C = "tracecontext,baggage"
LIBRARIES = [
    # name, its maker, format, what it makes of decisions, those that it writes, whether it keeps parent ids
    ("zipkin-go", zipkin_go, "b3multi", WORDS["zipkin-go"], DECISIONS, True),
    ("py_zipkin", PyZipkin, "b3multi", WORDS["py_zipkin"], FEW, True),
    ("py_zipkin single", PyZipkin, "b3", WORDS["py_zipkin"], (), True),
    ("OpenTelemetry Python", OpenTelemetryPython, "b3", WORDS["otel b3"], FEW, False),
    ("OpenTelemetry Python", OpenTelemetryPython, "b3multi", WORDS["otel b3multi"], FEW, False),
    ("OpenTelemetry Python", OpenTelemetryPython, W3C, WORDS["otel w3c"], FEW, False),
    ("OpenTelemetry Go", opentelemetry_go, W3C, WORDS["otel w3c"], FEW, False),
]


def contexts_of(format):
    return EXTRAS if format == W3C else CONTEXTS


def cases(writes):
    return [
        pytest.param(*library, index, id=f"{library[0]}-{library[2]}-{'-'.join(str(v) for v in context.values())}")
        for library in LIBRARIES
        for index, context in enumerate(contexts_of(library[2]))
        if not writes or context["sampling"] in library[4]
    ]


@functools.cache
def read_of_ours(make, format):
    """What the library reads in the headers that ours writes, for all contexts."""
    return make().extract(format, wingbeat().inject(format, contexts_of(format)))


@functools.cache
def read_by_ours(make, format, decisions, keeps_parent):
    """What ours reads in the headers that the library writes, for those contexts that it can write."""
    given = [context for context in contexts_of(format) if context["sampling"] in decisions]
    found = wingbeat().extract(format, make().inject(format, [full(context, keeps_parent) for context in given]))
    return {str(context): read for context, read in zip(given, found)}


def full(context, keeps_parent):
    """OpenTelemetry only has ids of 128 bits."""
    return context if keeps_parent else {**context, "trace": context["trace"].rjust(32, "0")}


@pytest.mark.parametrize("name, make, format, words, decisions, keeps_parent, index", cases(writes=False))
def test_others_read_what_we_write(name, make, format, words, decisions, keeps_parent, index):
    sent = contexts_of(format)[index]
    wanted = {**full(sent, keeps_parent), "sampling": words.get(sent["sampling"], sent["sampling"])}
    if not keeps_parent or format == "b3" and sent["sampling"] == "deferred":
        wanted.pop("parent", None)
    read = read_of_ours(make, format)[index]
    assert ordered(read) == ordered(wanted)


@pytest.mark.parametrize("name, make, format, words, decisions, keeps_parent, index", cases(writes=True))
def test_we_read_what_others_write(name, make, format, words, decisions, keeps_parent, index):
    sent = contexts_of(format)[index]
    read = dict(read_by_ours(make, format, decisions, keeps_parent)[str(sent)])
    assert read.pop("decision") == sent["sampling"].replace("deferred", "notSampled"), "a span below follows it"
    read.pop("random")
    wanted = {key: value for key, value in sent.items() if keeps_parent or key != "parent"}
    assert ordered(read) == ordered(wanted)


def ordered(context):
    """OpenTelemetry Go keeps baggage in a map."""
    return {**context, "baggage": sorted(context.get("baggage", []))}


SINGLE = f"{LONG}-{SPAN}-1"
PARENT_W3C = f"00-{LONG}-{SPAN}-01"
READ = {"trace": LONG, "span": SPAN, "sampling": "sampled"}
IDS = [["X-B3-TraceId", LONG], ["X-B3-SpanId", SPAN]]

ODD = [
    # name, format, headers, what ours reads; then who reads the same
    ("decision 0 alone", "b3", [["b3", "0"]], {"decision": "notSampled"}, []),
    ("decision 1 alone", "b3", [["b3", "1"]], {"decision": "sampled"}, []),
    ("decision d alone", "b3", [["b3", "d"]], {"decision": "debug"}, []),
    ("sampled 0 alone", "b3multi", [["X-B3-Sampled", "0"]], {"decision": "notSampled"}, []),
    ("flags 1 alone", "b3multi", [["X-B3-Flags", "1"]], {"decision": "debug"}, []),
    ("name in upper case", "b3", [["B3", SINGLE]], READ, [OpenTelemetryPython]),
    ("names in lower case", "b3multi", [[n.lower(), v] for n, v in IDS] + [["x-b3-sampled", "1"]], READ, [zipkin_go]),
    ("true", "b3multi", [*IDS, ["X-B3-Sampled", "true"]], READ, [zipkin_go, OpenTelemetryPython]),
    ("false", "b3multi", [*IDS, ["X-B3-Sampled", "False"]], {**READ, "sampling": "notSampled"}, [zipkin_go]),
    ("flags beat sampled", "b3multi", [*IDS, ["X-B3-Sampled", "0"], ["X-B3-Flags", "1"]],
     {**READ, "sampling": "debug"}, [zipkin_go]),
    ("digits in upper case", "b3", [["b3", SINGLE.upper()]], READ, [OpenTelemetryPython]),
    ("repeated", "b3", [["b3", SINGLE], ["b3", f"{SHORT}-{SPAN}-0"]], READ, [OpenTelemetryPython]),
    ("joined", "b3", [["b3", f"{SINGLE}, {SHORT}-{SPAN}-0"]], READ, []),
    ("joined with a semicolon", "b3", [["b3", f"{SINGLE};{SHORT}-{SPAN}-0"]], READ, []),
    ("repeated parents", W3C, [["Traceparent", PARENT_W3C], ["traceparent", f"00-{LONG}-{PARENT}-00"]], READ,
     [OpenTelemetryPython, opentelemetry_go]),
    ("joined parents", W3C, [["traceparent", f"{PARENT_W3C},00-{LONG}-{PARENT}-00"]], READ, []),
    ("repeated states", W3C, [["traceparent", PARENT_W3C], ["tracestate", "a=1"], ["tracestate", "b=2"]],
     {**READ, "state": "a=1,b=2"}, [OpenTelemetryPython]),
    ("random flag", W3C, [["traceparent", f"00-{LONG}-{SPAN}-03"]], {**READ, "random": True}, [OpenTelemetryPython]),
    ("a later version", W3C, [["traceparent", f"cc-{LONG}-{SPAN}-01-more"]], READ, [OpenTelemetryPython, opentelemetry_go]),
    ("digits in upper case", W3C, [["traceparent", PARENT_W3C.upper()]], {}, [opentelemetry_go]),
    ("a span of zeros", W3C, [["traceparent", f"00-{LONG}-{'0' * 16}-01"]], {}, [OpenTelemetryPython, opentelemetry_go]),
    ("baggage", W3C, [["baggage", "a=b%20c,d=%C3%A9;p;q=1"]],
     {"baggage": [["a", "b c"], ["d", "é", "p", "q=1"]]}, []),
    ("plain baggage", W3C, [["baggage", "a=1 , b = 2"]], {"baggage": [["a", "1"], ["b", "2"]]}, [OpenTelemetryPython]),
    ("baggage with properties", W3C, [["baggage", "a=1,d=2;p;q=1"]],
     {"baggage": [["a", "1"], ["d", "2", "p", "q=1"]]}, [opentelemetry_go]),
    ("repeated baggage", W3C, [["baggage", "a=1"], ["baggage", "b=2"]], {"baggage": [["a", "1"], ["b", "2"]]}, []),
    ("all at once, the first counts", "tracecontext,b3,b3multi",
     [["b3", f"{SHORT}-{PARENT}-0"], *IDS, ["traceparent", PARENT_W3C]], READ, []),
    ("all at once, the first is broken", "tracecontext,b3,b3multi",
     [["traceparent", "00-broken"], *IDS, ["X-B3-Sampled", "0"], ["b3", SINGLE]], READ, []),
]


@pytest.mark.parametrize("name, format, headers, wanted, others", [pytest.param(*c, id=f"{c[1]}-{c[0]}") for c in ODD])
def test_odd_headers(name, format, headers, wanted, others):
    ours = said(wingbeat().extract(format, [headers])[0])
    decision = ours.pop("decision")
    assert decision == wanted.get("decision", wanted.get("sampling", "notSampled"))
    wanted = {key: value for key, value in wanted.items() if key != "decision"}
    assert ours == wanted
    for other in others:
        theirs = {key: value for key, value in other().extract(format, [headers])[0].items() if key != "error"}
        assert ordered(theirs) == ordered({key: value for key, value in wanted.items() if key != "random"}), other


def test_texts_in_baggage():
    """OpenTelemetry Python writes a space as a plus, which W3C does not know; all else comes back, both ways."""
    texts = ["plain", "é💩", 'a,b;c="d"\\', "100%", "%41", "a+b", "=", "x y", "\t"]
    given = [{"trace": LONG, "span": SPAN, "sampling": "sampled", "baggage": [["k", text]]} for text in texts]
    theirs = OpenTelemetryPython().extract(W3C, wingbeat().inject(W3C, given))
    assert [context.get("baggage", [["k", ""]])[0][1] for context in theirs] == [text.strip() for text in texts]
    ours = wingbeat().extract(W3C, OpenTelemetryPython().inject(W3C, given))
    assert [context["baggage"][0][1] for context in ours] == [text.replace(" ", "+") for text in texts]


def test_an_old_receiver_refuses_the_random_flag():
    """Which is why a trace that begins with us does not set it: OpenTelemetry Go 1.1 would begin a trace of its own."""
    assert opentelemetry_go().extract(W3C, [[["traceparent", f"00-{LONG}-{SPAN}-03"]]]) == [{}]
    assert opentelemetry_go().extract(W3C, [[["traceparent", PARENT_W3C]]]) == [READ]
