# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Traces with everything that the trace view shows, made and sent by OpenTelemetry's own SDK."""

import time

from opentelemetry import trace
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from shop import MS, Shop, trace_id

LINKED = SpanContext(0x0AF7651916CD43DD8448EB211C80319C, 0xB7AD6B7169203331, False, TraceFlags(1))
STACK = "CardDeclined: insufficient funds\n  at Bank.charge (bank.swift:42)\n  at Payments.post (payments.swift:118)"
SELECTS = 12  # children that fold into one row


def charge(shop, start, below):
    """The failing span: an exception, a link, values of all types."""
    span = shop.tracer("payments").start_span(
        "charge card", context=trace.set_span_in_context(below), kind=SpanKind.CLIENT, start_time=start, links=[Link(LINKED, {"why": "retry"})],
        attributes={"card.brand": "visa", "retry": True, "attempt": 3, "ratio": 0.25, "tenants": ["a", "b"],
                    "payment.provider.response.description": "declined"},
    )
    span.add_event("request sent", {"bytes": 512}, timestamp=start + MS)
    span.add_event(
        "exception", {"exception.type": "CardDeclined", "exception.message": "insufficient funds", "exception.stacktrace": STACK},
        timestamp=start + 2 * MS,
    )
    span.set_status(Status(StatusCode.ERROR, "insufficient funds"))
    span.end(end_time=start + 40 * MS)
    return span


def order(shop, start, selects=3, declined=False):
    """`POST /order`: 30 ms and 10 ms for each SELECT, and 50 ms more for the payment, which may be declined."""
    trouble = {"error": "order failed"} if declined else {}
    duration = 30 + 10 * selects + 50
    root = shop.span("front", "POST /order", start, duration, http__route="/order", **trouble)
    stock = shop.call("front", "stock", "reserve", start + 5 * MS, 10 * selects + 10, root)
    for number in range(selects):
        shop.span("stock", "SELECT item", start + (8 + 10 * number) * MS, 8, SpanKind.CLIENT, below=stock, db__system="sqlite", item=number)
    begin = start + (20 + 10 * selects) * MS
    server = shop.call("front", "payments", "pay", begin, 46, root, **trouble)
    if declined:
        charge(shop, begin + 2 * MS, server)
    return root


def send(collector, *traces):
    """`send(collector, {"selects": 12})` makes one trace an argument, two seconds apart, and gives their ids."""
    shop = Shop(collector)
    start = time.time_ns() - 60_000 * MS
    roots = [order(shop, start + number * 2000 * MS, **options) for number, options in enumerate(traces)]
    shop.flush()
    shop.close()
    return [trace_id(root) for root in roots]
