# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""A fake OpenTelemetry collector: http.server, and OpenTelemetry's own generated code to read and to answer."""

import email.utils
import gzip
import http.server
import json
import threading
import time

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


class FakeOTLPCollector:
    """Answers each post as the next element of the script says, and 200 when there is none left.

    An answer is a status, a pair of a status and the value of Retry-After, ("partial", rejected spans, message), or
    ("at most", spans): 413 for a request with more, from then on.
    """

    def __init__(self, *script):
        self.script = list(script)
        self.requests = []  # (time, path, content type, content encoding, status, numbers of the spans)
        self.most = None
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, headers, answer = fake.answer(self.path, self.headers, body)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path, headers, body):
        kind = headers["Content-Type"]
        if headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        request = read(kind, body)
        numbers = [number_of(span) for part in request.resource_spans for scope in part.scope_spans for span in scope.spans]
        status, more, answer = self.choose(kind, numbers)
        self.requests.append((time.time(), path, kind, headers["Content-Encoding"], status, numbers))
        return status, {"Content-Type": kind, **more}, answer

    def choose(self, kind, numbers):
        if self.most is not None and len(numbers) > self.most:
            return 413, {}, b""
        step = self.script.pop(0) if self.script else 200
        match step:
            case ("at most", spans):
                self.most = spans
                return self.choose(kind, numbers)
            case ("partial", rejected, message):
                response = ExportTraceServiceResponse()
                response.partial_success.rejected_spans = rejected
                response.partial_success.error_message = message
                return 200, {}, write(kind, response)
            case (status, retry_after):
                return status, {"Retry-After": retry_after}, b""
            case status:
                return status, {}, write(kind, ExportTraceServiceResponse()) if status == 200 else b"no"

    def taken(self):
        """The numbers of the spans in all requests that were answered with 200."""
        return [number for request in self.requests if request[4] == 200 for number in request[5]]


def number_of(span):
    return next(attribute.value.int_value for attribute in span.attributes if attribute.key == "number")


def in_base64(message):
    """OTLP's JSON has hexadecimal ids, protobuf's own JSON has base 64."""
    if isinstance(message, list):
        return [in_base64(each) for each in message]
    if isinstance(message, dict):
        ids = ("traceId", "spanId", "parentSpanId")
        return {key: to_base64(value) if key in ids else in_base64(value) for key, value in message.items()}
    return message


def to_base64(digits):
    import base64

    return base64.b64encode(bytes.fromhex(digits)).decode()


def read(kind, body):
    request = ExportTraceServiceRequest()
    if kind == "application/json":
        return json_format.ParseDict(in_base64(json.loads(body)), request)
    request.ParseFromString(body)
    return request


def write(kind, response):
    return json_format.MessageToJson(response).encode() if kind == "application/json" else response.SerializeToString()


def http_date(seconds_from_now):
    return email.utils.formatdate(time.time() + seconds_from_now, usegmt=True)
