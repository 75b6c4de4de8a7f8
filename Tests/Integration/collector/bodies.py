# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""A valid post of spans in each format that is taken."""

import json
import struct

ENDPOINT = {"serviceName": "fuzzed", "ipv4": "10.0.0.1", "ipv6": "2001:db8::1", "port": 80}
ZIPKIN_2 = [
    {"traceId": "463ac35c9f6413ad48485a3953bb6124", "id": "a2fb4a1d1a96d312", "parentId": "0020000000000001", "kind": "CLIENT",
     "name": "get", "timestamp": 1_700_000_000_000_000, "duration": 1000, "localEndpoint": ENDPOINT, "remoteEndpoint": ENDPOINT,
     "annotations": [{"timestamp": 1_700_000_000_000_010, "value": "a ⻩\n\"b\""}], "tags": {"http.path": "/é", "error": ""},
     "debug": True, "shared": False},
    {"traceId": "463ac35c9f6413ad48485a3953bb6124", "id": "a2fb4a1d1a96d313", "timestamp": 1_700_000_000_000_500},
]
ZIPKIN_1 = [
    {"traceId": "463ac35c9f6413ad", "id": "a2fb4a1d1a96d312", "name": "get", "timestamp": 1_700_000_000_000_000, "duration": 9,
     "annotations": [{"timestamp": 1_700_000_000_000_000, "value": value, "endpoint": ENDPOINT} for value in ("cs", "cr", "x")],
     "binaryAnnotations": [{"key": "http.path", "value": "/a", "endpoint": ENDPOINT}, {"key": "sa", "value": True, "endpoint": ENDPOINT}]},
]
ANY_VALUES = [
    {"stringValue": "a"}, {"boolValue": True}, {"intValue": "-5"}, {"doubleValue": 0.5}, {"bytesValue": "AQI="},
    {"arrayValue": {"values": [{"intValue": 1}]}}, {"kvlistValue": {"values": [{"key": "k", "value": {"stringValue": "v"}}]}},
]
OTLP_SPAN = {
    "traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "EEE19B7EC3C1B174", "parentSpanId": "EEE19B7EC3C1B173", "name": "I",
    "traceState": "a=b", "flags": 257, "kind": 2, "startTimeUnixNano": "1544712660000000000", "endTimeUnixNano": "1544712661000000000",
    "attributes": [{"key": f"k{number}", "value": value} for number, value in enumerate(ANY_VALUES)],
    "events": [{"timeUnixNano": "1544712660000000001", "name": "e", "attributes": [{"key": "k", "value": {"intValue": 3}}]}],
    "links": [{"traceId": "5B8EFFF798038103D269B633813FC60D", "spanId": "EEE19B7EC3C1B175", "attributes": []}],
    "status": {"code": 2, "message": "no"}, "droppedAttributesCount": 1,
}
OTLP = {"resourceSpans": [{
    "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "fuzzed"}}]},
    "scopeSpans": [{"scope": {"name": "lib", "version": "1"}, "spans": [OTLP_SPAN], "schemaUrl": "u"}],
}]}


def field(number, content):
    content = content.encode() if isinstance(content, str) else content
    size = bytes([len(content)]) if len(content) < 128 else bytes([len(content) & 127 | 128, len(content) >> 7])
    return bytes([number << 3 | 2]) + size + content


def zipkin_protobuf():
    endpoint = field(1, "fuzzed") + field(2, bytes(4)) + field(3, bytes(range(16))) + b"\x20\x50"
    annotation = b"\x09" + struct.pack("<Q", 1_700_000_000_000_010) + field(2, "note")
    tag = field(1, "http.path") + field(2, "/a")
    return field(1, b"".join([
        field(1, bytes(range(1, 17))), field(2, bytes(range(1, 9))), field(3, bytes(range(2, 10))), b"\x20\x01", field(5, "get"),
        b"\x31" + struct.pack("<Q", 1_700_000_000_000_000), b"\x38\xe8\x07", field(8, endpoint), field(9, endpoint),
        field(10, annotation), field(11, tag), b"\x60\x01",
    ]))


def otlp_protobuf():
    attribute = field(9, field(1, "k") + field(2, field(1, "v")))
    event = field(11, b"\x09" + struct.pack("<Q", 1_544_712_660_000_000_001) + field(2, "e"))
    link = field(13, field(1, bytes(range(2, 18))) + field(2, bytes(range(3, 11))))
    span = b"".join([
        field(1, bytes(range(1, 17))), field(2, bytes(range(1, 9))), field(5, "get"), b"\x30\x02",
        b"\x39" + struct.pack("<Q", 1_544_712_660_000_000_000), b"\x41" + struct.pack("<Q", 1_544_712_661_000_000_000),
        attribute, event, link, field(15, field(2, "no") + b"\x18\x02"),
    ])
    resource = field(1, field(1, field(1, "service.name") + field(2, field(1, "fuzzed"))))
    return field(1, resource + field(2, field(2, span)))


def thrift():
    def text(number, value):
        return struct.pack(">bhi", 11, number, len(value)) + value

    def long(number, value):
        return struct.pack(">bhq", 10, number, value)

    host = struct.pack(">bhi", 8, 1, 0x0A000001) + struct.pack(">bhh", 6, 2, 80) + text(3, b"fuzzed") + b"\0"
    annotation = long(1, 1_700_000_000_000_000) + text(2, b"cs") + struct.pack(">bh", 12, 3) + host + b"\0"
    tag = text(1, b"http.path") + text(2, b"/a") + struct.pack(">bhi", 8, 3, 6) + struct.pack(">bh", 12, 4) + host + b"\0"
    span = long(1, 7) + text(3, b"get") + long(4, 8) + long(5, 9) + struct.pack(">bhbi", 15, 6, 12, 1) + annotation
    return struct.pack(">bi", 12, 1) + span + struct.pack(">bhbi", 15, 8, 12, 1) + tag + long(10, 1_700_000_000_000_000) + b"\0"


JSON, PROTOBUF, THRIFT = "application/json", "application/x-protobuf", "application/x-thrift"
# The path of each endpoint that takes spans: the media types, each with a valid body; and the status of success.
POSTS = {
    "/api/v2/spans": ({JSON: json.dumps(ZIPKIN_2).encode(), PROTOBUF: zipkin_protobuf()}, 202),
    "/api/v1/spans": ({JSON: json.dumps(ZIPKIN_1).encode(), THRIFT: thrift()}, 202),
    "/api/transform": ({JSON: json.dumps(OTLP).encode()}, 200),
    # A file is read as far as it can be, comma or no comma, so that it is not called JSON here.
    "/api/upload": ({"application/octet-stream": json.dumps(ZIPKIN_2).encode(), "text/plain": json.dumps(OTLP).encode()}, 200),
    "/v1/traces": ({JSON: json.dumps(OTLP).encode(), PROTOBUF: otlp_protobuf()}, 200),
}
