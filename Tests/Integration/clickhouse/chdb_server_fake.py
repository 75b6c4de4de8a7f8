# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""A FAKE ClickHouse server around the REAL current engine: `chdb_server_fake.py PORT FOLDER`.

PyPI's chdb is ClickHouse's engine as a library, without a server. This serves it over HTTP as far as the store needs it:
statements, inserts of RowBinary, the settings in the URL that the engine knows, errors with status 400 or 404. It runs
one statement at a time. It says nothing about how a real server handles connections.
"""

import http.server
import pathlib
import re
import sys
import threading
import urllib.parse

from chdb import session

SESSION = session.Session(sys.argv[2] + "/engine")
LOCK = threading.Lock()
BODY = pathlib.Path(sys.argv[2]) / "body"
# Those settings that are the HTTP interface's, not the engine's.
OF_HTTP = {"query", "wait_end_of_query", "readonly", "max_execution_time"}


def run(statement, body, settings):
    given = ", ".join(f"{name} = '{value}'" for name, value in settings if name not in OF_HTTP)
    if body is None:
        return SESSION.query(statement, "TabSeparated").bytes()
    BODY.write_bytes(body)
    table, columns = re.match(r"INSERT INTO (\S+) \((.*)\) FORMAT RowBinary$", statement, re.DOTALL).groups()
    rows = f"file('{BODY}', RowBinary, '{structure(table, columns)}')"
    SESSION.query(f"INSERT INTO {table} ({columns}) SETTINGS {given} SELECT * FROM {rows}")
    return b""


def structure(table, columns):
    """The columns with their types, as the file is read by."""
    described = SESSION.query(f"DESCRIBE TABLE {table} FORMAT TabSeparated").bytes().decode()
    types = {line.split("\t")[0]: line.split("\t")[1] for line in described.splitlines()}
    names = [name.strip().strip("`") for name in columns.split(",")]
    return ", ".join(f"`{name}` {types[name]}" for name in names).replace("'", "\\'")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(200, b"Ok.\n")

    def do_POST(self):
        settings = urllib.parse.parse_qsl(urllib.parse.urlparse(self.path).query, keep_blank_values=True)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        statement = dict(settings).get("query")
        try:
            with LOCK:
                if statement is None:
                    self.answer(200, run(body.decode(), None, settings))
                else:
                    self.answer(200, run(statement, body, settings))
        except Exception as error:
            self.answer(404 if "Code: 60" in str(error) else 400, str(error).encode())

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128


Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
