# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""A service with OpenTelemetry Python: `OpenTelemetryHop(spans_url, next)` answers GET /hop as gokit_hop.go does."""

import contextlib
import http.server
import threading

import requests
from opentelemetry.exporter.zipkin.json import ZipkinExporter
from opentelemetry.propagators.b3 import B3MultiFormat
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

FORMATS = {"b3multi": B3MultiFormat, "tracecontext": TraceContextTextMapPropagator}


class OpenTelemetryHop:
    def __init__(self, spans_url, formats, next=None):
        self.next = next
        self.received = []  # the headers of each request
        self.propagator = CompositePropagator([FORMATS[name]() for name in formats])
        self.provider = TracerProvider(resource=Resource.create({"service.name": "python"}))
        self.provider.add_span_processor(SimpleSpanProcessor(ZipkinExporter(endpoint=spans_url)))
        self.tracer = self.provider.get_tracer("tests")
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/hop"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _handler(self):
        hop = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                answer = hop.answer({name.lower(): value for name, value in self.headers.items()}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *arguments):
                pass

        return Handler

    def answer(self, headers):
        self.received.append(headers)
        context = self.propagator.extract(headers)
        with self.tracer.start_as_current_span("GET /hop", context, SpanKind.SERVER):
            if self.next is None:
                return "end"
            with self.tracer.start_as_current_span("GET", kind=SpanKind.CLIENT):
                headers = {}
                self.propagator.inject(headers)
                return requests.get(self.next, headers=headers, timeout=10).text

    @contextlib.contextmanager
    def running(self):
        try:
            yield self
        finally:
            self.server.shutdown()
            self.server.server_close()
            self.provider.shutdown()
