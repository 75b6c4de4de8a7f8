# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""A shop of five services: eight spans a trace, each service posting its own, a hundred at a time.

A group is a hundred traces in eight posts: two of the front end, two of the checkout, two of the catalogue, one of the
payment, one of the shipping. Four groups that look different are sent in turn; ids, times and durations, users and
orders differ from trace to trace.
"""

import random
from dataclasses import dataclass, field

from templates import Kind, Template, place

TRACES_PER_GROUP = 100
SPANS_PER_TRACE = 8
SPANS_PER_POST = 100
POSTS_PER_GROUP = TRACES_PER_GROUP * SPANS_PER_TRACE // SPANS_PER_POST
GROUPS = 4

SERVICES = ["frontend", "checkout", "catalogue", "payment", "shipping"]
ADDRESSES = {service: f"10.1.0.{number}" for number, service in enumerate(SERVICES, 1)}
ROUTES = ["/orders/{id}", "/cart/{id}", "/checkout/{id}", "/products/{id}", "/accounts/{id}", "/search/{id}"]
AGENTS = ["Mozilla/5.0 (X11; Linux x86_64) Firefox/132.0", "curl/8.5.0", "okhttp/4.12.0"]

# Numbers of a trace that occur in few others: which of them, and how many digits it has.
USER = (0, 6)
ORDER = (1, 8)


@dataclass
class Span:
    trace: int  # of the group
    number: int  # of the trace; the parent's, too
    parent: int | None
    service: str
    kind: str
    name: str
    start: int  # nanoseconds after the trace's start
    duration: int
    attributes: list = field(default_factory=list)
    remote: str | None = None
    error: str | None = None

    def id(self, kind, number=None):
        return place(kind, self.trace, self.number if number is None else number)

    def time(self, kind, time, width=None):
        return place(kind, self.trace, self.number, time, width)


def resource(service):
    return [
        ("service.name", service),
        ("service.version", "2.14.1"),
        ("service.instance.id", f"{service}-5d9c7b8f6-x2x{len(service)}"),
        ("host.name", f"node-{SERVICES.index(service)}.example.internal"),
        ("deployment.environment.name", "production"),
        ("telemetry.sdk.language", "swift"),
    ]


def numbered(trace, which):
    return place(Kind.NUMBER, trace, which[0], width=which[1])


def trace(number, generator):
    """The eight spans of a trace, each a millisecond or more inside its parent."""
    route = generator.choice(ROUTES)
    path = Template("/api", route.replace("{id}", ""), numbered(number, ORDER))
    fails = generator.random() < 0.04
    status = 502 if fails else 200
    reason = "card declined by the issuer" if fails else None
    user = ("enduser.id", numbered(number, USER))

    def server(status):
        return [
            ("http.request.method", "GET"), ("http.route", "/api" + route), ("url.path", path),
            ("http.response.status_code", status), ("network.protocol.version", "1.1"), user,
        ]

    def client(to, status):
        return [
            ("http.request.method", "GET"), ("url.full", Template(f"http://{to}.example.internal:8080", path)),
            ("server.address", f"{to}.example.internal"), ("server.port", 8080),
            ("http.response.status_code", status), ("peer.service", to),
        ]

    query = [
        ("db.system.name", "postgresql"), ("db.namespace", "catalogue"), ("server.address", "db.example.internal"),
        ("db.query.text", "SELECT id, title, price FROM products WHERE id = $1"), ("peer.service", "postgres"),
    ]
    message = [("messaging.system", "rabbitmq"), ("messaging.destination.name", "parcels"), user]
    agent = ("user_agent.original", generator.choice(AGENTS))
    rows = [
        (None, "frontend", "server", f"GET /api{route}", 0, 200, server(status) + [agent], None),
        (0, "frontend", "client", "GET", 2, 190, client("checkout", status), "checkout"),
        (1, "checkout", "server", f"GET /api{route}", 4, 180, server(status), None),
        (2, "checkout", "client", "GET", 6, 60, client("catalogue", 200), "catalogue"),
        (3, "catalogue", "server", f"GET /api{route}", 8, 50, server(200), None),
        (4, "catalogue", "client", "SELECT products", 10, 40, query, "postgres"),
        (2, "payment", "server", "POST /api/charge", 80, 90, server(status), None),
        (6, "shipping", "consumer", "parcels process", 90, 30, message, None),
    ]
    return [
        Span(number, index, parent, service, kind, name, at * 1_000_000, lasts * 1_000_000, attributes, remote,
             reason if service == "payment" else None)
        for index, (parent, service, kind, name, at, lasts, attributes, remote) in enumerate(rows)
    ]


def posts():
    """The spans of each post, all of one service, in the order in which they are sent."""
    generator = random.Random(20261121)
    for _ in range(GROUPS):
        spans = [span for number in range(TRACES_PER_GROUP) for span in trace(number, generator)]
        for service in SERVICES:
            own = [span for span in spans if span.service == service]
            yield from (own[at:at + SPANS_PER_POST] for at in range(0, len(own), SPANS_PER_POST))
