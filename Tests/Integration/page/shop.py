# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""A shop of five services whose spans OpenTelemetry's own SDK makes and sends, the same ones each time."""

import contextlib
import time

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode

MS = 1_000_000  # nanoseconds


class Shop:
    """Spans have given times: each begins when the last one at its level ended."""

    def __init__(self, collector):
        self.providers = {}
        self.endpoint = collector.url + "/v1/traces"

    def tracer(self, service):
        if service not in self.providers:
            provider = TracerProvider(resource=Resource({"service.name": service, "service.version": "1.2.3"}))
            provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=self.endpoint)))
            self.providers[service] = provider
        return self.providers[service].get_tracer("shop")

    def span(self, service, name, start, milliseconds, kind=SpanKind.SERVER, error=None, below=None, **attributes):
        """Makes an ended span; returns its context, for those below it."""
        context = trace.set_span_in_context(below) if below else None
        named = {key.replace("__", "."): value for key, value in attributes.items()}
        span = self.tracer(service).start_span(name, context=context, kind=kind, attributes=named, start_time=start)
        if error:
            span.set_status(Status(StatusCode.ERROR, error))
        span.end(end_time=start + int(milliseconds * MS))
        return span

    def call(self, caller, service, name, start, milliseconds, below, **more):
        client = self.span(caller, name, start, milliseconds, SpanKind.CLIENT, below=below)
        return self.span(service, name, start + MS, milliseconds - 2, below=client, **more)

    def flush(self):
        for provider in self.providers.values():
            provider.force_flush()

    def close(self):
        for provider in self.providers.values():
            provider.shutdown()


def trace_id(span):
    return format(span.get_span_context().trace_id, "032x")


def health(shop, start):
    return shop.span("gateway", "GET /health", start, 0.5, http__route="/health")


def cart(shop, start, milliseconds):
    root = shop.span("gateway", "GET /cart", start, milliseconds, http__route="/cart", http__response__status_code=200)
    server = shop.call("gateway", "cart", "get cart", start + MS, milliseconds - 3, root)
    for number in range(3):
        at = start + (4 + 2 * number) * MS
        shop.span("cart", "redis GET", at, 1.5, SpanKind.CLIENT, below=server, db__system="redis", peer__service="redis")
    return root


def checkout(shop, start, milliseconds, declined=False):
    trouble = {"error": "card declined"} if declined else {}
    root = shop.span("gateway", "POST /checkout", start, milliseconds, http__route="/checkout", **trouble)
    order = shop.call("gateway", "checkout", "place order", start + 2 * MS, milliseconds - 5, root)
    shop.call("checkout", "cart", "get cart", start + 5 * MS, 12, order)
    shop.call("checkout", "payment", "charge", start + 20 * MS, milliseconds - 40, order, http__route="/pay", **trouble)
    return root


@contextlib.contextmanager
def opened(collector, seconds_ago=1500):
    """The shop after twice seven requests, ten minutes apart; their trace ids by what they are."""
    shop = Shop(collector)
    start = time.time_ns() - seconds_ago * 1_000_000_000
    made = {"health": [], "cart": [], "checkout": [], "declined": []}
    kinds = ["health", "cart", "checkout", "health", "cart", "declined", "health"] * 2
    for number, kind in enumerate(kinds):
        at = start + (number * 20 + number // 7 * 600) * 1_000_000_000
        if kind == "health":
            root = health(shop, at)
        elif kind == "cart":
            root = cart(shop, at, 40 + number)
        else:
            root = checkout(shop, at, 300 + 100 * number, declined=kind == "declined")
        made[kind].append(trace_id(root))
    shop.flush()
    yield made
    shop.close()
