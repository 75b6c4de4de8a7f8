# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""One request through Go kit, Wingbeat and OpenTelemetry Python, in both directions: one trace, with the right parents."""

import contextlib

import pytest
import requests

from conftest import Service, eventually, free_port, program
from go_programs import go_program
from otel_hop import OpenTelemetryHop
from trace_programs import HERE

LONG, SHORT, SPAN = "463ac35c9f6413ad48485a3953bb6124", "48485a3953bb6124", "a2fb4a1d1a96d312"
B3 = "b3multi"
W3C = "tracecontext"


@contextlib.contextmanager
def gokit(collector, folder, next=None):
    port = free_port()
    arguments = [go_program(HERE / "gokit_hop.go"), str(port), collector.spans_url, *([next] if next else [])]
    service = Service(arguments, port, "/healthz", log=folder / f"gokit-{port}.log")
    try:
        yield f"{service.url}/hop"
    finally:
        service.kill()


@contextlib.contextmanager
def wingbeat(collector, folder, formats, next=None):
    port = free_port()
    environment = {
        "PORT": str(port), "OTEL_EXPORTER_ZIPKIN_ENDPOINT": collector.spans_url, "OTEL_PROPAGATORS": formats,
        **({"NEXT": next} if next else {}),
    }
    service = Service([program("TraceProbe"), "serve"], port, "/healthz", environment, folder / f"hop-{port}.log")
    try:
        yield f"{service.url}/hop"
    finally:
        assert service.stop() == 0


@pytest.fixture
def gokit_first(collector, tmp_path):
    """Go kit calls Wingbeat with B3, which calls OpenTelemetry Python with B3 and W3C."""
    with OpenTelemetryHop(collector.spans_url, [W3C]).running() as last:
        with wingbeat(collector, tmp_path, f"{B3},{W3C}", last.url) as middle, gokit(collector, tmp_path, middle) as first:
            yield first


@pytest.fixture
def python_first(collector, tmp_path):
    """OpenTelemetry Python calls Wingbeat with W3C, which calls Go kit with B3."""
    with gokit(collector, tmp_path) as last, wingbeat(collector, tmp_path, f"{W3C},{B3}", last) as middle:
        with OpenTelemetryHop(collector.spans_url, [W3C, B3], middle).running() as first:
            yield first.url


def call(url, headers):
    answer = requests.get(url, headers=headers, timeout=10)
    assert (answer.status_code, answer.text) == (200, "end")


def chain_of(collector, count):
    """The spans of the only trace, by service and kind, when all have arrived."""
    def whole():
        traces = collector.get("traces", limit=10)
        return len(traces) == 1 and len(traces[0]) == count and traces[0]
    spans = eventually(whole, what=f"one trace of {count} spans")
    return {(span["localEndpoint"]["serviceName"], span["kind"]): span for span in spans}


def assert_linked(spans, path):
    """Each span of the path is the child of the one before it, or shares its id, as Zipkin's servers do."""
    for above, below in zip(path, path[1:]):
        above, below = spans[above], spans[below]
        if below.get("shared"):
            assert (below["id"], below.get("parentId")) == (above["id"], above.get("parentId"))
        else:
            assert below["parentId"] == above["id"] and below["id"] != above["id"]


GOKIT_PATH = [
    ("gokit", "SERVER"), ("gokit", "CLIENT"), ("hop", "SERVER"), ("hop", "CLIENT"), ("python", "SERVER"),
]
PYTHON_PATH = [
    ("python", "SERVER"), ("python", "CLIENT"), ("hop", "SERVER"), ("hop", "CLIENT"), ("gokit", "SERVER"),
]
IDS = {"X-B3-TraceId": LONG, "X-B3-SpanId": SPAN}
SAMPLED = [
    # what comes in, the trace id that the collector knows (None: a new one), whether B3's debug flag is on
    pytest.param({}, None, False, id="nothing"),
    pytest.param(IDS, LONG, False, id="deferred"),
    pytest.param({**IDS, "X-B3-Sampled": "1"}, LONG, False, id="sampled"),
    pytest.param({**IDS, "X-B3-Flags": "1"}, LONG, True, id="debug"),
    pytest.param({"X-B3-TraceId": SHORT, "X-B3-SpanId": SPAN, "X-B3-Sampled": "1"}, SHORT, False, id="64 bits"),
]


@pytest.mark.parametrize("headers, trace, is_debug", SAMPLED)
def test_from_gokit_to_python(collector, gokit_first, headers, trace, is_debug):
    call(gokit_first, headers)
    if trace == SHORT:  # OpenTelemetry fills it with zeros, which is the same trace
        assert len(eventually(lambda: collector.get("trace/" + SHORT), what="the trace")) > 0
    spans = chain_of(collector, 5)
    assert set(spans) == set(GOKIT_PATH)
    assert_linked(spans, GOKIT_PATH)
    root = spans["gokit", "SERVER"]
    assert root["traceId"].lstrip("0") == (trace or root["traceId"]).lstrip("0")
    assert (root["id"] == SPAN) == bool(headers), "Go kit's server takes the caller's span id"
    for service in ("gokit", "hop"):
        assert spans[service, "SERVER"].get("debug", False) == is_debug, service


@pytest.mark.parametrize(
    "headers",
    [pytest.param({**IDS, "X-B3-Sampled": "0"}, id="with ids"), pytest.param({"X-B3-Sampled": "0"}, id="without ids")],
)
def test_what_the_caller_does_not_record_nobody_records(collector, gokit_first, headers):
    call(gokit_first, headers)
    call(gokit_first, {"X-B3-TraceId": SHORT, "X-B3-SpanId": SPAN, "X-B3-Sampled": "1"})
    assert len(chain_of(collector, 5)) == 5, "only the second call"


@pytest.mark.parametrize("flags, recorded", [("01", True), ("00", False), ("03", True), (None, True)])
def test_from_python_to_gokit(collector, python_first, flags, recorded):
    call(python_first, {"traceparent": f"00-{LONG}-{SPAN}-{flags}"} if flags else {})
    if not recorded:
        call(python_first, {})
    spans = chain_of(collector, 5)
    assert set(spans) == set(PYTHON_PATH)
    assert_linked(spans, PYTHON_PATH)
    root = spans["python", "SERVER"]
    assert root.get("parentId") == (SPAN if flags and recorded else None)
    assert (root["traceId"] == LONG) == bool(flags and recorded)


def test_baggage_and_state_go_through_as_they_came(collector, tmp_path):
    """AsyncHTTPClient writes the headers of a request that Hummingbird read."""
    came = {
        "traceparent": f"00-{LONG}-{SPAN}-03", "tracestate": "rojo=00f067aa0ba902b7, congo=t61rcWkgMzE",
        "baggage": "userId = alice ,serverNode=DF%2028;hot;ttl=30",
    }
    with OpenTelemetryHop(collector.spans_url, [W3C]).running() as last:
        with wingbeat(collector, tmp_path, "tracecontext,baggage,b3", last.url) as first:
            call(first, came)
            call(first, {**came, "traceparent": f"00-{LONG}-{SPAN}-00"})
    for request, flags in zip(last.received, ("03", "00")):
        assert (request["tracestate"], request["baggage"]) == (came["tracestate"], came["baggage"])
        version, trace, span, flagged = request["traceparent"].split("-")
        assert (version, trace, flagged) == ("00", LONG, flags) and span != SPAN
        assert request["b3"] == f"{LONG}-{span}-{flags == '03':d}-{request['b3'].split('-')[3]}"
    assert len(last.received) == 2
