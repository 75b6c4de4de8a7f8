# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Spans over gRPC, and in JSON over HTTP, from clients that others wrote: sent, stored and read back are the same."""

import pathlib
import random
import socket
import subprocess
import threading

import grpc
import pytest
import requests
from opentelemetry.exporter.otlp.json.http.trace_exporter import Compression as JSONCompression
from opentelemetry.exporter.otlp.json.http.trace_exporter import OTLPSpanExporter as JSONSpanExporter
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Link, SpanKind, Status, StatusCode
from py_zipkin.encoding import protobuf as zipkin_protobuf

from conftest import Service, free_port, metric, program
from go_programs import go_program, output
from test_otlp import python_request, spans_of

HERE = pathlib.Path(__file__).resolve().parent
EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
REPORT = "/zipkin.proto3.SpanService/Report"
HEALTH = "/grpc.health.v1.Health/Check"


@pytest.fixture
def ports(tmp_path):
    """A collector with ports of its own for OpenTelemetry."""
    main, over_grpc, over_http = free_port(), free_port(), free_port()
    arguments = [
        program("wingbeat"), "collector", "--listen", str(main), "--data", str(tmp_path / "data"),
        "--otlp-grpc", str(over_grpc), "--otlp-http", f"127.0.0.1:{over_http}",
    ]
    collector = Service(arguments, main, "/health", log=tmp_path / "collector.log")
    yield collector, main, over_grpc, over_http
    assert collector.stop() == 0


class Recording(SpanExporter):
    """Keeps what was exported."""

    def __init__(self):
        self.spans = []

    def export(self, spans):
        self.spans += spans
        return SpanExportResult.SUCCESS


def send(exporter):
    """Sends a trace with OpenTelemetry's SDK, and returns the request with all of it."""
    recording = Recording()
    provider = TracerProvider(resource=Resource.create({"service.name": "Orders", "service.version": "1.2"}))
    for each in (exporter, recording):
        provider.add_span_processor(BatchSpanProcessor(each))
    tracer = provider.get_tracer("tests", "1", schema_url="https://example.org/1")
    with tracer.start_as_current_span("GET /Orders", kind=SpanKind.SERVER) as server:
        server.set_attributes({"http.route": "/orders", "count": 3, "ratio": 0.5, "ok": True, "ids": [1, 2], "long": "x" * 9000})
        linked = Link(server.get_span_context(), {"why": "test"})
        with tracer.start_as_current_span("SELECT", kind=SpanKind.CLIENT, links=[linked]) as client:
            client.add_event("row", {"n": 1}, timestamp=1_700_000_000_123_456_789)
            client.set_status(Status(StatusCode.ERROR, "gone"))
    assert provider.force_flush()
    provider.shutdown()
    assert len(recording.spans) == 2
    return encode_spans(recording.spans)


def by_id(request):
    """The spans by their ids. The order of a resource's attributes says nothing, nor does a status without anything."""
    found = {}
    for resource, *others, span in spans_of(request):
        resource.attributes.sort(key=lambda attribute: attribute.key)
        if not span.status.ByteSize():
            span.ClearField("status")
        found[span.span_id] = (resource, *others, span)
    return found


def kept(collector, sent):
    """What the collector has of the trace that was sent."""
    trace = spans_of(sent)[0][-1].trace_id.hex()
    answer = requests.get(f"{collector.url}/api/v3/traces/{trace}", timeout=10).json()
    return python_request(answer["result"])


@pytest.mark.parametrize("compression", list(JSONCompression))
def test_opentelemetry_python_in_json_over_http(ports, compression):
    collector, *_, over_http = ports
    sent = send(JSONSpanExporter(endpoint=f"http://127.0.0.1:{over_http}/v1/traces", compression=compression))
    assert by_id(kept(collector, sent)) == by_id(sent)
    assert metric(collector, "zipkin_collector_spans_total", transport="http") == 2
    assert metric(collector, "zipkin_collector_messages_dropped_total", transport="http") == 0


@pytest.mark.parametrize("compression", list(grpc.Compression))
@pytest.mark.parametrize("which", ["main", "grpc", "http"])
def test_opentelemetry_python(ports, compression, which):
    collector, *numbers = ports
    endpoint = f"http://127.0.0.1:{numbers[['main', 'grpc', 'http'].index(which)]}"
    sent = send(OTLPSpanExporter(endpoint=endpoint, insecure=True, compression=compression))
    assert by_id(kept(collector, sent)) == by_id(sent)
    assert metric(collector, "zipkin_collector_spans_total", transport="grpc") == 2
    assert metric(collector, "zipkin_collector_messages_dropped_total", transport="grpc") == 0


def test_every_port_takes_http_too(ports):
    collector, main, over_grpc, over_http = ports
    for port in (main, over_grpc, over_http):
        answer = requests.post(
            f"http://127.0.0.1:{port}/v1/traces", data=b"", headers={"Content-Type": "application/x-protobuf"}, timeout=5
        )
        assert (answer.status_code, answer.content) == (200, b"")
    for port in (over_grpc, over_http):
        assert requests.get(f"http://127.0.0.1:{port}/api/v2/services", timeout=5).status_code == 404
    greeting = collector.output()
    for text in (f"http://127.0.0.1:{over_grpc} (gRPC)", f"http://127.0.0.1:{over_http}/v1/traces"):
        assert text in greeting


def test_generated_code_of_zipkin(collector):
    """py_zipkin brings the code that protoc generates for Zipkin's messages."""
    messages = zipkin_protobuf.zipkin_pb2
    spans = messages.ListOfSpans()
    span = spans.spans.add(
        trace_id=bytes(15) + b"\x0a", id=b"\0" * 7 + b"\x0b", kind="CLIENT", name="Get", timestamp=1_700_000_000_000_001,
        duration=5, tags={"http.path": "/ü"}, debug=True,
    )
    span.local_endpoint.CopyFrom(messages.Endpoint(service_name="Web", ipv4=b"\x7f\0\0\1", port=80))
    span.annotations.add(timestamp=1_700_000_000_000_002, value="sent")
    with grpc.insecure_channel(f"127.0.0.1:{collector.port}") as channel:
        report = channel.unary_unary(REPORT, request_serializer=messages.ListOfSpans.SerializeToString)
        assert report(spans) == b""
        assert report(messages.ListOfSpans()) == b""
    assert collector.get("trace/000000000000000a") == [
        {
            "traceId": "000000000000000a", "id": "000000000000000b", "kind": "CLIENT", "name": "get",
            "timestamp": 1_700_000_000_000_001, "duration": 5,
            "localEndpoint": {"serviceName": "web", "ipv4": "127.0.0.1", "port": 80},
            "annotations": [{"timestamp": 1_700_000_000_000_002, "value": "sent"}],
            "tags": {"http.path": "/ü"}, "debug": True,
        }
    ]


def call(collector, method, message, **options):
    """Calls a method with bytes, and returns the status with what was said."""
    with grpc.insecure_channel(f"127.0.0.1:{collector.port}", options=[("grpc.max_send_message_length", -1)]) as channel:
        try:
            return grpc.StatusCode.OK, channel.unary_unary(method)(message, timeout=30, **options)
        except grpc.RpcError as error:
            return error.code(), error.details()


def test_each_mistake_has_its_status(collector):
    assert call(collector, EXPORT, b"\x0a\x7f") == (
        grpc.StatusCode.INVALID_ARGUMENT, "Truncated: length 127 > bytes available 0")
    assert call(collector, "/a.B/C", b"") == (grpc.StatusCode.UNIMPLEMENTED, "there is no method /a.B/C")
    code, text = call(collector, EXPORT, bytes(11 << 20))
    assert (code, text) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "The message is larger than 10485760 bytes")
    code, text = call(collector, EXPORT, bytes(100 << 20), compression=grpc.Compression.Gzip)
    assert code == grpc.StatusCode.RESOURCE_EXHAUSTED and "inflates to more than" in text
    assert call(collector, HEALTH, b"") == (grpc.StatusCode.OK, b"\x08\x01")
    assert call(collector, HEALTH, b"\x0a\x01x")[0] == grpc.StatusCode.NOT_FOUND
    assert call(collector, EXPORT, b"") == (grpc.StatusCode.OK, b"")


def test_a_dense_message_costs_no_more_memory_than_a_large_one(collector):
    """Two bytes each: empty attributes of a span."""
    span = b"\x12" + varint(2 * 5_000_000) + b"\x4a\0" * 5_000_000
    scope = b"\x12" + varint(len(span)) + span
    dense = b"\x0a" + varint(len(scope)) + scope
    code, text = call(collector, EXPORT, dense)
    assert code == grpc.StatusCode.RESOURCE_EXHAUSTED and text.startswith("more than 1000000 spans, attributes")
    assert collector.resident_bytes() < 400_000_000


def varint(number):
    groups = []
    while number >= 0x80:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(groups + [number])


@pytest.mark.parametrize("compressor", ["", "gzip"])
def test_go_calls_a_thousand_times_over_one_connection(collector, compressor):
    client = go_program(HERE / "grpc_client.go")
    request = ExportTraceServiceRequest()
    spans = request.resource_spans.add().scope_spans.add().spans
    for number in range(50):
        spans.add(trace_id=b"\1" * 16, span_id=bytes([1, number] * 4), name="x" * 300, start_time_unix_nano=1 + number)
    address = f"127.0.0.1:{collector.port}"
    assert output(client, address, EXPORT, compressor, "1000", given=request.SerializeToString()) == b"1000 OK \n"
    assert metric(collector, "zipkin_collector_spans_total", transport="grpc") == 50_000
    assert len(collector.get("trace/" + "01" * 16)) == 50
    assert output(client, address, REPORT, compressor, "3", given=b"\x0a\xff") == b"3 InvalidArgument \n"


def test_many_clients_at_once_lose_nothing(collector):
    def report(number):
        request = ExportTraceServiceRequest()
        spans = request.resource_spans.add().scope_spans.add().spans
        for each in range(100):
            spans.add(trace_id=bytes([7, number] * 8), span_id=bytes([9, each] * 4), name="work", start_time_unix_nano=1)
        statuses.append(call(collector, EXPORT, request.SerializeToString())[0])

    statuses = []
    threads = [threading.Thread(target=report, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [grpc.StatusCode.OK] * 20
    assert [len(collector.get("trace/" + bytes([7, number] * 8).hex())) for number in range(20)] == [100] * 20


def test_bytes_that_are_no_http2_do_not_hurt(collector):
    """Ten thousand damaged connections behind the preface, and the collector answers as before."""
    generator = random.Random(20261121)
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0"
    for _ in range(10_000):
        with socket.create_connection(("127.0.0.1", collector.port), timeout=10) as connection:
            frames = generator.randbytes(generator.randrange(60))
            head = bytes([0, 0, generator.randrange(40), generator.randrange(12), generator.randrange(64), 0, 0, 0, 1])
            connection.sendall(preface[: generator.randrange(len(preface) + 1)] + head + frames)
    assert call(collector, EXPORT, b"") == (grpc.StatusCode.OK, b"")
    assert collector.resident_bytes() < 300_000_000


def test_ending_the_collector_lets_calls_end(ports):
    collector, main, _, _ = ports
    with grpc.insecure_channel(f"127.0.0.1:{main}") as channel:
        assert channel.unary_unary(EXPORT)(b"", timeout=10) == b""
        assert collector.stop() == 0


def test_a_port_that_is_taken_is_said(ports, tmp_path):
    _, _, over_grpc, _ = ports
    asked = subprocess.run(
        [program("wingbeat"), "collector", "--listen", str(free_port()), "--otlp-grpc", str(over_grpc), "--otlp-http", "off",
         "--data", str(tmp_path / "other")], capture_output=True, text=True, timeout=30,
    )
    assert asked.returncode == 69
    assert f"port {over_grpc} on 127.0.0.1 is in use; choose another with --otlp-grpc" in asked.stderr


def test_a_default_port_that_is_taken_is_done_without(tmp_path):
    first, second = free_port(), free_port()
    logs = [tmp_path / "first.log", tmp_path / "second.log"]
    collectors = [
        Service([program("wingbeat"), "collector", "--listen", str(port), "--data", str(tmp_path / str(port))], port,
                "/health", log=log)
        for port, log in zip((first, second), logs)
    ]
    assert "port 4317 is in use by another process" in logs[1].read_text()
    assert "port 4317 on 127.0.0.1 is in use" in logs[1].read_text()
    assert [collector.stop() for collector in collectors] == [0, 0]
