# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""OTLP as others write and read it: OpenTelemetry Python's exporter, and the generated code of Python and of Swift."""

import base64
import gzip
import json
import subprocess

import pytest
import requests
from google.protobuf import json_format
from google.rpc.status_pb2 import Status as RPCStatus
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, SpanKind, Status, StatusCode

from conftest import ROOT, metric, program

PROTOBUF = "application/x-protobuf"
JSON = "application/json"


def probe(*arguments, stdin=b""):
    done = subprocess.run([program("CodecProbe"), *arguments], input=stdin, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def spans_of(request):
    """A request's spans in their order, each with all that is said of it."""
    return [
        (resource.resource, resource.schema_url, scope.scope, scope.schema_url, span)
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def exported(collector, compression):
    """Sends spans with OpenTelemetry's SDK, and returns them."""
    exporter = OTLPSpanExporter(endpoint=collector.url + "/v1/traces", compression=compression)
    provider = TracerProvider(resource=Resource.create({"service.name": "Orders", "service.version": "1.2"}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("tests", "1")
    with tracer.start_as_current_span("GET /orders", kind=SpanKind.SERVER) as server:
        server.set_attributes({"http.route": "/orders", "count": 3, "ratio": 0.5, "ok": True, "ids": [1, 2]})
        linked = Link(server.get_span_context(), {"why": "test"})
        with tracer.start_as_current_span("SELECT", kind=SpanKind.CLIENT, links=[linked]) as client:
            client.set_attribute("peer.service", "Db")
            client.add_event("row", {"n": 1})
            client.set_status(Status(StatusCode.ERROR, "gone"))
        with tracer.start_as_current_span("work") as inner:
            inner.set_status(Status(StatusCode.OK))
    assert provider.force_flush()
    provider.shutdown()
    return server, client, inner


@pytest.mark.parametrize("compression", [Compression.NoCompression, Compression.Gzip])
def test_opentelemetry_python_to_the_collector(collector, compression):
    server, client, inner = exported(collector, compression)
    context = server.get_span_context()
    spans = {span["id"]: span for span in collector.get(f"trace/{context.trace_id:032x}")}
    assert set(spans) == {f"{span.get_span_context().span_id:016x}" for span in (server, client, inner)}
    seen = {name: spans[f"{span.get_span_context().span_id:016x}"] for name, span in
            {"server": server, "client": client, "inner": inner}.items()}
    assert [seen[name].get("kind") for name in ("server", "client", "inner")] == ["SERVER", "CLIENT", None]
    assert [seen[name]["name"] for name in ("server", "client", "inner")] == ["get /orders", "select", "work"]
    assert seen["client"]["parentId"] == seen["inner"]["parentId"] == seen["server"]["id"]
    tags = seen["server"]["tags"]
    expected = {"http.route": "/orders", "count": "3", "ratio": "0.5", "ok": "true", "ids": "[1,2]"}
    assert expected.items() <= tags.items()
    assert tags["service.version"] == "1.2"
    assert {span["localEndpoint"]["serviceName"] for span in spans.values()} == {"orders"}
    assert seen["client"]["remoteEndpoint"] == {"serviceName": "db"}
    assert seen["client"]["tags"]["error"] == "gone"
    assert seen["inner"]["tags"]["otel.status_code"] == "OK"
    assert seen["client"]["annotations"][0]["value"] == '"row":{"n":1}'
    for name, span in (("server", server), ("client", client), ("inner", inner)):
        assert seen[name]["timestamp"] == span.start_time // 1000
        assert abs(seen[name]["duration"] - (span.end_time - span.start_time) / 1000) <= 1
    assert metric(collector, "zipkin_collector_spans_total", transport="http") == 3
    assert metric(collector, "zipkin_collector_spans_dropped_total", transport="http") == 0


def post(collector, body, content_type, **headers):
    headers = {"Content-Type": content_type, **headers}
    return requests.post(collector.url + "/v1/traces", data=body, headers=headers, timeout=20)


@pytest.mark.parametrize("content_type, empty", [(PROTOBUF, b""), (JSON, b"{}")])
def test_the_collector_takes_spans_of_every_kind(collector, content_type, empty):
    kind = "otlp-protobuf" if content_type == PROTOBUF else "otlp-json"
    assert (post(collector, empty, content_type).status_code, post(collector, empty, content_type).content) == (200, empty)
    body = probe("random", kind, "200", "5")
    answer = post(collector, gzip.compress(body), content_type, **{"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (200, empty, content_type)
    assert metric(collector, "zipkin_collector_spans_total", transport="http") == 200


def test_spans_without_ids_are_rejected_alone(collector):
    request = ExportTraceServiceRequest()
    spans = request.resource_spans.add().scope_spans.add().spans
    spans.add(trace_id=b"\1" * 16, span_id=b"\2" * 8, name="good", start_time_unix_nano=1, end_time_unix_nano=2)
    spans.add(trace_id=b"\1" * 16, span_id=b"\0" * 8, name="zeros")
    spans.add(trace_id=b"\1" * 5, span_id=b"\2" * 8, name="short")
    answer = post(collector, request.SerializeToString(), PROTOBUF)
    assert answer.status_code == 200
    partial = ExportTraceServiceResponse.FromString(answer.content).partial_success
    assert partial.rejected_spans == 2
    assert partial.error_message.startswith("span 1: span id is all zeros")
    assert [span["name"] for span in collector.get("trace/" + "01" * 16)] == ["good"]
    assert metric(collector, "zipkin_collector_spans_total", transport="http") == 3
    assert metric(collector, "zipkin_collector_spans_dropped_total", transport="http") == 2


def test_refusals_say_why_in_the_format_of_the_request(collector):
    answer = post(collector, b"\x0a\xff", PROTOBUF)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, PROTOBUF)
    assert RPCStatus.FromString(answer.content).message == "Truncated: length 1 > bytes available 0"
    answer = post(collector, b"[", JSON + "; charset=utf-8")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, JSON)
    assert answer.json() == {"message": "Malformed: expected '{' at byte 0, but found \"[\""}
    answer = post(collector, b"x" * (11 << 20), PROTOBUF)
    assert answer.status_code == 413
    assert post(collector, b"{}", "text/plain").status_code == 415


@pytest.fixture(scope="module")
def oracle():
    options = ["--package-path", str(ROOT / "Tests" / "ProtobufOracle"), "--scratch-path", str(ROOT / ".build-oracle")]
    built = subprocess.run(["swift", "build", *options], capture_output=True, text=True, timeout=1500)
    assert built.returncode == 0, built.stdout + built.stderr
    shown = subprocess.run(["swift", "build", *options, "--show-bin-path"], capture_output=True, text=True, check=True)

    def run(body, *arguments):
        done = subprocess.run([f"{shown.stdout.strip()}/ProtobufOracle", *arguments], input=body, capture_output=True,
                              timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.mark.parametrize("seed", range(3))
def test_our_bytes_are_those_of_swift_protobuf(oracle, seed):
    ours = probe("random", "otlp-protobuf", "300", str(seed))
    assert len(ours) > 100_000
    assert oracle(ours) == ours  # unknown fields would be missing


@pytest.mark.parametrize("seed", range(3))
def test_python_reads_in_our_bytes_what_our_json_says(seed):
    """The JSON is the second opinion: it comes from other code, and Python's generated code reads it by field names."""
    ours = ExportTraceServiceRequest.FromString(probe("random", "otlp-protobuf", "300", str(seed)))
    text = json.loads(probe("random", "otlp-json", "300", str(seed)))
    assert spans_of(ours) == spans_of(python_request(text))
    assert len(spans_of(ours)) == 300


def python_request(document):
    """Reads OTLP's JSON, whose ids are hexadecimal where protocol buffers' JSON has Base64."""

    def converted(value, key=None):
        if isinstance(value, dict):
            return {name: converted(member, name) for name, member in value.items()}
        if isinstance(value, list):
            return [converted(member) for member in value]
        if key in ("traceId", "spanId", "parentSpanId"):
            return base64.b64encode(bytes.fromhex(value)).decode()
        return value

    return json_format.ParseDict(converted(document), ExportTraceServiceRequest())


@pytest.mark.parametrize("seed", range(3))
def test_we_read_what_python_writes(seed):
    request = ExportTraceServiceRequest.FromString(probe("random", "otlp-protobuf", "300", str(seed)))
    again = probe("convert", "otlp-protobuf", "otlp-protobuf", stdin=request.SerializeToString())
    assert spans_of(ExportTraceServiceRequest.FromString(again)) == spans_of(request)
    through_json = probe("convert", "otlp-json", "otlp-protobuf", stdin=probe("random", "otlp-json", "300", str(seed)))
    assert spans_of(ExportTraceServiceRequest.FromString(through_json)) == spans_of(request)
