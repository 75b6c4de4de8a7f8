# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The programs of the trace tests, and libraries in Python, that read and write headers.

Each has `extract(format, requests)`, which says for each request (a list of pairs) the context that it reads, and
`inject(format, contexts)`, which says for each context the headers that it writes. A context is a dictionary of what
TraceProbe prints.
"""

import json
import pathlib

from opentelemetry import baggage, trace
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.context import Context
from opentelemetry.propagators.b3 import B3MultiFormat, B3SingleFormat
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from py_zipkin.request_helpers import create_http_headers, extract_zipkin_attrs_from_headers
from py_zipkin.storage import Tracer
from py_zipkin.util import ZipkinAttrs

from conftest import program
from go_programs import go_program, output

HERE = pathlib.Path(__file__).parent


class Program:
    """A program that reads and prints lines of JSON."""

    def __init__(self, *command):
        self.command = command

    def extract(self, format, requests):
        return self._run("extract", format, requests)

    def inject(self, format, contexts):
        return self._run("inject", format, contexts)

    def _run(self, work, format, given):
        lines = "".join(json.dumps(one) + "\n" for one in given).encode()
        printed = output(*self.command, work, *format.split(","), given=lines).splitlines()
        assert len(printed) == len(given)
        return [json.loads(line) for line in printed]


def wingbeat():
    return Program(program("TraceProbe"))


def zipkin_go():
    return Program(go_program(HERE / "zipkin_headers.go"))


def opentelemetry_go():
    return Program(go_program(HERE / "otel_headers.go"))


class PyZipkin:
    def extract(self, format, requests):
        return [self._extract(dict(request)) for request in requests]

    def _extract(self, headers):
        found = [extract_zipkin_attrs_from_headers(headers, sample_rate=rate) for rate in (0.0, 100.0)]
        if found[0] is None:
            return {}
        sampling = "deferred" if found[0].is_sampled != found[1].is_sampled else "sampled" if found[0].is_sampled else "notSampled"
        ids = {"trace": found[0].trace_id, "span": found[0].span_id, "parent": found[0].parent_span_id}
        return said({**ids, "sampling": "debug" if found[0].flags == "1" else sampling})

    def inject(self, format, contexts):
        return [self._inject(context) for context in contexts]

    def _inject(self, context):
        tracer = Tracer()
        tracer.push_zipkin_attrs(
            ZipkinAttrs(context["trace"], context["span"], context.get("parent"), "0", context["sampling"] == "sampled")
        )
        return [[name, value] for name, value in create_http_headers(tracer=tracer).items() if value is not None]


class OpenTelemetryPython:
    FORMATS = {
        "b3": B3SingleFormat, "b3multi": B3MultiFormat, "tracecontext": TraceContextTextMapPropagator,
        "baggage": W3CBaggagePropagator,
    }

    def _propagator(self, format):
        return CompositePropagator([self.FORMATS[name]() for name in format.split(",")])

    def extract(self, format, requests):
        return [self._extract(self._propagator(format), request) for request in requests]

    def _extract(self, propagator, request):
        carrier = {}
        for name, value in request:
            carrier.setdefault(name.lower(), []).append(value)
        context = propagator.extract(carrier, Context())
        found = {"baggage": [list(pair) for pair in baggage.get_all(context).items()]}
        span = trace.get_current_span(context).get_span_context()
        if span.is_valid:
            found["trace"], found["span"] = f"{span.trace_id:032x}", f"{span.span_id:016x}"
            found["sampling"] = "sampled" if span.trace_flags.sampled else "notSampled"
            found["state"] = span.trace_state.to_header()
        return said(found)

    def inject(self, format, contexts):
        return [self._inject(self._propagator(format), context) for context in contexts]

    def _inject(self, propagator, given):
        context = Context()
        for key, value in given.get("baggage", []):
            context = baggage.set_baggage(key, value, context)
        span = trace.SpanContext(
            int(given["trace"], 16),
            int(given["span"], 16),
            is_remote=False,
            trace_flags=trace.TraceFlags(given["sampling"] == "sampled"),
            trace_state=trace.TraceState.from_header([given.get("state", "")]),
        )
        carrier = {}
        propagator.inject(carrier, trace.set_span_in_context(trace.NonRecordingSpan(span), context))
        return [list(pair) for pair in carrier.items()]


def said(context):
    return {key: value for key, value in context.items() if value}
