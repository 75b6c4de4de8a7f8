# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""A network that loses answers: the server behind it has made the insert, and nobody gets to know."""

import http.server
import itertools
import threading
import urllib.parse

import requests


class LossyProxy:
    """Passes requests on; of every few inserts one is answered by closing the connection."""

    def __init__(self, server, one_in=3):
        self.lost = 0
        numbers = itertools.count(1)
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name: value for name, value in self.headers.items() if name.startswith("X-ClickHouse")}
                answer = requests.post(server.url + self.path, data=body, headers=headers, timeout=60)
                statement = dict(urllib.parse.parse_qsl(urllib.parse.urlparse(self.path).query)).get("query", "")
                if statement.startswith("INSERT") and answer.status_code == 200 and next(numbers) % one_in == 0:
                    proxy.lost += 1
                    self.close_connection = True
                    return
                self.send_response(answer.status_code)
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
