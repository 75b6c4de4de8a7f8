# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Clients that others wrote send spans; the collector gives them back as they were."""

import time

import requests
from opentelemetry.exporter.zipkin.json import ZipkinExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode
from py_zipkin import Encoding, Kind
from py_zipkin.zipkin import zipkin_client_span, zipkin_span


def by_id(spans):
    return {(span["id"], span.get("shared", False)): span for span in spans}


def test_py_zipkin(collector):
    sent = []

    def transport(body):
        answer = requests.post(collector.spans_url, data=body, headers={"Content-Type": "application/json"}, timeout=5)
        assert (answer.status_code, answer.content) == (202, b"")
        sent.extend(requests.models.complexjson.loads(body))

    root = {
        "service_name": "Shop", "span_name": "Checkout", "transport_handler": transport, "sample_rate": 100.0,
        "encoding": Encoding.V2_JSON, "kind": Kind.SERVER, "port": 8080, "host": "127.0.0.1",
    }
    with zipkin_span(**root) as span:
        span.update_binary_annotations({"http.route": "/pay", "emoji": "💩", "quote": 'a"b\\c'})
        span.add_annotation("paid")
        with zipkin_client_span(service_name="Shop", span_name="Card") as child:
            child.add_sa_binary_annotation(443, "Bank", "127.0.0.1")
            child.update_binary_annotations({"error": ""})

    assert len(sent) == 2
    expected = by_id(normalized(span) for span in sent)
    assert by_id(collector.get("trace/" + sent[0]["traceId"])) == expected
    assert collector.get("services") == ["shop"]
    assert collector.get("spans", serviceName="shop") == ["card", "checkout"]
    assert collector.get("remoteServices", serviceName="shop") == ["bank"]
    assert len(collector.get("traces", serviceName="shop", annotationQuery="http.route=/pay and paid and error")) == 1
    assert collector.get("traces", serviceName="shop", annotationQuery="error=1") == []


def normalized(span):
    """What Zipkin's own server makes of a span: names in lower case, empty and false fields left out."""
    span = {key: value for key, value in span.items() if value not in (None, {}, [], False)}
    span["name"] = span["name"].lower()
    for side in ("localEndpoint", "remoteEndpoint"):
        if side in span:
            endpoint = {key: value for key, value in span[side].items() if value}
            if "serviceName" in endpoint:
                endpoint["serviceName"] = endpoint["serviceName"].lower()
            span[side] = endpoint
    return span


def test_opentelemetry_python(collector):
    provider = TracerProvider(resource=Resource.create({"service.name": "Orders", "service.version": "1.2"}))
    provider.add_span_processor(SimpleSpanProcessor(ZipkinExporter(endpoint=collector.spans_url)))
    tracer = provider.get_tracer("tests", "1")
    with tracer.start_as_current_span("GET /orders", kind=SpanKind.SERVER) as server:
        server.set_attribute("http.route", "/orders")
        server.set_attribute("count", 3)
        with tracer.start_as_current_span("SELECT", kind=SpanKind.CLIENT) as client:
            client.add_event("row", {"n": 1})
            client.set_status(Status(StatusCode.ERROR, "gone"))
    provider.shutdown()

    context = server.get_span_context()
    spans = {span["name"]: span for span in collector.get(f"trace/{context.trace_id:032x}")}
    assert set(spans) == {"get /orders", "select"}
    parent, child = spans["get /orders"], spans["select"]
    assert parent["id"] == f"{context.span_id:016x}"
    assert parent["traceId"] == f"{context.trace_id:032x}"
    assert child["parentId"] == parent["id"]
    assert (parent["kind"], child["kind"]) == ("SERVER", "CLIENT")
    assert parent["localEndpoint"]["serviceName"] == "orders"
    assert parent["tags"]["http.route"] == "/orders" and parent["tags"]["count"] == "3"
    assert child["tags"]["error"] == "gone" and child["tags"]["otel.status_code"] == "ERROR"
    assert child["annotations"][0]["value"].startswith('{"row"')
    assert abs(parent["timestamp"] - server.start_time / 1000) <= 1  # the exporter rounds
    assert abs(parent["duration"] - (server.end_time - server.start_time) / 1000) <= 1
    assert parent["timestamp"] <= time.time() * 1_000_000
