# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Posts of spans as their clients encode them, with places to fill in.

Source: opentelemetry-proto, trace/v1/trace.proto and common/v1/common.proto; Zipkin's API v2.
"""

import json
from itertools import chain

from realistic import ADDRESSES, resource
from templates import Kind, Template, http_post

KINDS = {"internal": 1, "server": 2, "client": 3, "producer": 4, "consumer": 5}


def varint(value):
    encoded = bytearray()
    while value > 127:
        encoded.append(value & 127 | 128)
        value >>= 7
    return bytes(encoded + bytes([value]))


def field(number, content):
    """A length-delimited field; text, bytes or a message."""
    content = Template(content)
    return Template(varint(number << 3 | 2), varint(len(content)), content)


def integer(number, value):
    return Template(varint(number << 3), varint(value))


def fixed64(number, content):
    return Template(varint(number << 3 | 1), content)


def attribute(number, key, value):
    inner = integer(3, value) if isinstance(value, int) else field(1, value)
    return field(number, Template(field(1, key), field(2, inner)))


def event(span):
    return field(11, Template(
        fixed64(1, span.time(Kind.TIME_NANOSECONDS, span.start + span.duration // 2)),
        field(2, "exception"),
        attribute(3, "exception.type", "PaymentError"),
        attribute(3, "exception.message", span.error),
    ))


def otlp_span(span):
    parts = [
        field(1, span.id(Kind.TRACE_ID_BYTES)),
        field(2, span.id(Kind.SPAN_ID_BYTES)),
        *([] if span.parent is None else [field(4, span.id(Kind.SPAN_ID_BYTES, span.parent))]),
        field(5, span.name),
        integer(6, KINDS[span.kind]),
        fixed64(7, span.time(Kind.TIME_NANOSECONDS, span.start)),
        fixed64(8, span.time(Kind.TIME_NANOSECONDS, span.start + span.duration)),
        *(attribute(9, key, value) for key, value in span.attributes),
        *([event(span), field(15, Template(field(2, span.error), integer(3, 2)))] if span.error else []),
    ]
    return field(2, Template(*parts))


def otlp(spans):
    attributes = Template(*(attribute(1, key, value) for key, value in resource(spans[0].service)))
    scope = Template(field(1, "wingbeat.http"), field(2, "1.4.0"))
    scope_spans = Template(field(1, scope), *map(otlp_span, spans))
    body = field(1, Template(field(1, attributes), field(2, scope_spans)))
    return http_post("/v1/traces", "application/x-protobuf", body)


def quoted(value):
    """A JSON string; a template holds nothing that must be escaped."""
    return Template('"', value, '"') if isinstance(value, Template) else json.dumps(str(value))


def object_of(members):
    commas = chain([""], iter(lambda: ",", None))
    return Template("{", *(Template(comma, f'"{key}":', value) for comma, (key, value) in zip(commas, members)), "}")


def endpoint(service, address=None):
    members = [("serviceName", quoted(service))] + ([("ipv4", quoted(address)), ("port", "8080")] if address else [])
    return object_of(members)


def zipkin_span(span):
    # Zipkin's clients have no resource, and name the remote side in its endpoint.
    tags = [(key, quoted(value)) for key, value in span.attributes if key != "peer.service"]
    error = [("error", quoted(span.error))] if span.error else []
    return object_of([
        ("traceId", quoted(span.id(Kind.TRACE_ID_HEX))),
        *([] if span.parent is None else [("parentId", quoted(span.id(Kind.SPAN_ID_HEX, span.parent)))]),
        ("id", quoted(span.id(Kind.SPAN_ID_HEX))),
        ("kind", quoted(span.kind.upper())),
        ("name", quoted(span.name.lower())),
        ("timestamp", span.time(Kind.TIME_MICROSECONDS, span.start)),
        ("duration", span.time(Kind.DURATION_MICROSECONDS, span.duration, width=9)),
        ("localEndpoint", endpoint(span.service, ADDRESSES[span.service])),
        *([("remoteEndpoint", endpoint(span.remote))] if span.remote else []),
        ("tags", object_of(tags + error)),
    ])


def zipkin(spans):
    encoded = [zipkin_span(span) for span in spans]
    body = Template("[", *(Template("," if number else "", span) for number, span in enumerate(encoded)), "]")
    return http_post("/api/v2/spans", "application/json", body)


FORMATS = {"OTLP protobuf": otlp, "Zipkin v2 JSON": zipkin}
