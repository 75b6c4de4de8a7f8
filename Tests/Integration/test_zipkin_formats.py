# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Bytes that others' code wrote in each of Zipkin's formats are taken; ours are read by others' code."""

import gzip
import json
import pathlib
import socket
import struct
import subprocess

import pytest
import requests
import thriftpy2
from py_zipkin import Encoding, Kind
from py_zipkin.encoding import protobuf
from py_zipkin.zipkin import zipkin_client_span, zipkin_span
from thriftpy2.protocol.binary import TBinaryProtocol, write_list_begin
from thriftpy2.thrift import TType
from thriftpy2.transport import TMemoryBuffer

from conftest import program

THRIFT = thriftpy2.load(
    str(pathlib.Path(__file__).parent / "formats" / "zipkin_core.thrift"), module_name="zipkin_core_thrift"
)
JSON, PROTOBUF, THRIFT_TYPE = "application/json", "application/x-protobuf", "application/x-thrift"


def post(collector, version, body, content_type, **headers):
    url = f"{collector.url}/api/{version}/spans"
    answer = requests.post(url, data=body, headers={"Content-Type": content_type, **headers}, timeout=5)
    return answer.status_code, answer.text


def py_zipkin_bodies(encoding):
    """The bodies that py_zipkin posts for a server that makes a call, and the ids of their trace and root."""
    bodies = []
    root = {
        "service_name": "Shop", "span_name": "Checkout", "transport_handler": bodies.append, "sample_rate": 100.0,
        "encoding": encoding, "kind": Kind.SERVER, "port": 8080, "host": "127.0.0.1", "use_128bit_trace_id": True,
    }
    with zipkin_span(**root) as span:
        span.update_binary_annotations({"http.route": "/pay", "emoji": "💩", "quote": 'a"b\\c'})
        span.add_annotation("paid")
        with zipkin_client_span(service_name="Shop", span_name="Card") as child:
            child.add_sa_binary_annotation(443, "Bank", "127.0.0.1")
            child.update_binary_annotations({"error": ""})
        ids = (span.zipkin_attrs.trace_id, span.zipkin_attrs.span_id)
    return bodies, ids


@pytest.mark.parametrize(
    "encoding, version, content_type",
    [(Encoding.V1_JSON, "v1", JSON), (Encoding.V2_JSON, "v2", JSON), (Encoding.V2_PROTO3, "v2", PROTOBUF)],
)
def test_py_zipkin(collector, encoding, version, content_type):
    bodies, (trace, root) = py_zipkin_bodies(encoding)
    for body in bodies:
        assert post(collector, version, body, content_type) == (202, "")
    spans = {span["name"]: span for span in collector.get(f"trace/{trace}")}
    assert set(spans) == {"checkout", "card"}
    server, client = spans["checkout"], spans["card"]
    assert (server["id"], client["parentId"]) == (root, root)
    assert (server["kind"], client["kind"]) == ("SERVER", "CLIENT")
    assert server["localEndpoint"] == {"serviceName": "shop", "ipv4": "127.0.0.1", "port": 8080}
    assert client["remoteEndpoint"] == {"serviceName": "bank", "ipv4": "127.0.0.1", "port": 443}
    assert server["tags"] == {"http.route": "/pay", "emoji": "💩", "quote": 'a"b\\c'}
    assert client["tags"] == {"error": ""}
    assert [annotation["value"] for annotation in server["annotations"]] == ["paid"]
    assert server["timestamp"] <= client["timestamp"] and 0 < client["duration"] <= server["duration"]


def ipv4(text):
    return struct.unpack("!i", socket.inet_aton(text))[0]


def thrift_spans():
    """A span in which a client and a server took part, and one that is local."""
    front = THRIFT.Endpoint(ipv4=ipv4("127.0.0.1"), port=8080, service_name="front")
    back = THRIFT.Endpoint(
        ipv4=0, port=50000 - 65536, service_name="back", ipv6=socket.inet_pton(socket.AF_INET6, "2001:db8::c001")
    )
    events = [("cs", 10, front), ("sr", 20, back), ("hit ⻩", 25, back), ("ss", 30, back), ("cr", 50, front)]
    tags = [("route", "/é".encode(), 6, back), ("bytes", struct.pack("!i", -5), 3, front), ("sa", b"\1", 0, back)]
    shared = THRIFT.Span(
        trace_id_high=1, trace_id=-2, id=3, parent_id=4, name="Get", debug=True, timestamp=10, duration=40,
        annotations=[THRIFT.Annotation(timestamp=at, value=value, host=host) for value, at, host in events],
        binary_annotations=[
            THRIFT.BinaryAnnotation(key=key, value=value, annotation_type=kind, host=host)
            for key, value, kind, host in tags
        ],
    )
    local = THRIFT.Span(
        trace_id_high=1, trace_id=-2, id=5, parent_id=3, name="local", timestamp=30, duration=5, annotations=[],
        binary_annotations=[THRIFT.BinaryAnnotation(key="lc", value=b"", annotation_type=6, host=front)],
    )
    return [shared, local]


def thrift_bytes(spans):
    buffer = TMemoryBuffer()
    write_list_begin(buffer, TType.STRUCT, len(spans))
    for span in spans:
        TBinaryProtocol(buffer).write_struct(span)
    return buffer.getvalue()


def test_thrift(collector):
    assert post(collector, "v1", thrift_bytes(thrift_spans()), THRIFT_TYPE) == (202, "")
    front = {"serviceName": "front", "ipv4": "127.0.0.1", "port": 8080}
    back = {"serviceName": "back", "ipv6": "2001:db8::c001", "port": 50000}
    trace = "0000000000000001fffffffffffffffe"
    common = {"traceId": trace, "parentId": "0000000000000004", "id": "0000000000000003", "name": "get", "debug": True}
    client = {
        **common, "kind": "CLIENT", "timestamp": 10, "duration": 40, "localEndpoint": front, "remoteEndpoint": back,
        "tags": {"bytes": "-5"},
    }
    server = {
        **common, "kind": "SERVER", "timestamp": 20, "duration": 10, "localEndpoint": back, "shared": True,
        "annotations": [{"timestamp": 25, "value": "hit ⻩"}], "tags": {"route": "/é"},
    }
    local = {
        "traceId": trace, "parentId": "0000000000000003", "id": "0000000000000005", "name": "local", "timestamp": 30,
        "duration": 5, "localEndpoint": front,
    }
    spans = collector.get(f"trace/{trace}")
    assert sorted(map(key, spans)) == sorted(map(key, [client, server, local]))
    assert {key(span): span for span in spans} == {key(span): span for span in (client, server, local)}


def key(span):
    return span["id"], span.get("kind", "")


@pytest.mark.parametrize(
    "encoding, version, content_type", [(Encoding.V1_JSON, "v1", JSON), (Encoding.V2_PROTO3, "v2", PROTOBUF)]
)
def test_gzip_is_read_in_every_format(collector, encoding, version, content_type):
    bodies, (trace, _) = py_zipkin_bodies(encoding)
    for body in bodies:
        body = body if isinstance(body, bytes) else body.encode()
        assert post(collector, version, gzip.compress(body), content_type, **{"Content-Encoding": "gzip"}) == (202, "")
    assert len(collector.get(f"trace/{trace}")) == 2
    truncated = gzip.compress(body)[:-9]
    assert post(collector, version, truncated, content_type, **{"Content-Encoding": "gzip"}) == (
        400, "Cannot gunzip spans",
    )


V1 = b'[{"traceId":"a","id":"b","binaryAnnotations":[]}]'
V2 = b'[{"traceId":"a","id":"b","tags":{}}]'


@pytest.mark.parametrize(
    "version, content_type, body, text",
    [
        ("v1", JSON, b"hello", "Expected a JSON_V1 encoded list\n"),
        ("v1", JSON, V2, "Expected a JSON_V1 encoded list, but received: JSON_V2\n"),
        ("v2", JSON, V1, "Expected a JSON_V2 encoded list, but received: JSON_V1\n"),
        ("v2", PROTOBUF, V2, "Expected a PROTO3 encoded list\n"),
        ("v1", THRIFT_TYPE, V1, "Expected a THRIFT encoded list\n"),
        (
            "v2", PROTOBUF, b"\x0a\x42" + bytes(8),
            "Truncated: length 66 > bytes available 8 reading List<Span> from proto3",
        ),
        (
            "v1", THRIFT_TYPE, b"\x0c\0\0\0\x42" + bytes(8),
            "Truncated: length 66 > bytes available 8 reading List<Span> from TBinary",
        ),
        ("v1", JSON, b'[{"traceId":"A","id":"b"}]', "A should be lower-hex encoded with no prefix reading"),
    ],
)
def test_what_is_wrong_is_said(collector, version, content_type, body, text):
    status, answer = post(collector, version, body, content_type)
    assert status == 400 and answer.startswith(text), answer


@pytest.mark.parametrize("version, content_type", [("v1", JSON), ("v1", THRIFT_TYPE), ("v2", JSON), ("v2", PROTOBUF)])
def test_an_empty_body_is_an_empty_list(collector, version, content_type):
    assert post(collector, version, b"", content_type) == (202, "")


def test_protocol_buffers_that_we_write_are_read_by_the_code_that_others_generated():
    spans = [
        {
            "traceId": "463ac35c9f6413ad48485a3953bb6124", "parentId": "6b221d5bc9e6496c", "id": "48485a3953bb6124",
            "kind": "PRODUCER", "name": "GET /É", "timestamp": 1_700_000_000_000_001, "duration": 350,
            "localEndpoint": {"serviceName": "Shop", "ipv4": "127.0.0.1", "port": 8080},
            "remoteEndpoint": {"serviceName": "bank", "ipv6": "2001:db8::c001", "port": 443},
            "annotations": [{"timestamp": 1_700_000_000_000_002, "value": "⻩"}],
            "tags": {"error": "", "long": "x" * 300, "emoji": "💩"}, "debug": True, "shared": True,
        },
        {"traceId": "000000000000000a", "id": "000000000000000b"},
    ]
    arguments = [program("CodecProbe"), "convert", "zipkin-json", "zipkin-protobuf"]
    written = subprocess.run(arguments, input=json.dumps(spans).encode(), capture_output=True, check=True, timeout=20)
    read = protobuf.zipkin_pb2.ListOfSpans.FromString(written.stdout)
    assert read.SerializeToString(deterministic=True) == written.stdout, "all that is written is known, in its order"
    full, bare = read.spans
    assert (full.trace_id.hex(), full.parent_id.hex(), full.id.hex()) == (
        spans[0]["traceId"], spans[0]["parentId"], spans[0]["id"],
    )
    assert (full.kind, full.name) == (protobuf.zipkin_pb2.Span.PRODUCER, "get /é")
    assert (full.timestamp, full.duration, full.debug, full.shared) == (1_700_000_000_000_001, 350, True, True)
    assert (full.local_endpoint.service_name, full.local_endpoint.port) == ("shop", 8080)
    assert full.local_endpoint.ipv4 == socket.inet_aton("127.0.0.1")
    assert full.remote_endpoint.ipv6 == socket.inet_pton(socket.AF_INET6, "2001:db8::c001")
    assert [(a.timestamp, a.value) for a in full.annotations] == [(1_700_000_000_000_002, "⻩")]
    assert dict(full.tags) == spans[0]["tags"]
    assert (bare.trace_id.hex(), bare.id.hex(), bare.name, bare.kind) == ("000000000000000a", "000000000000000b", "", 0)
