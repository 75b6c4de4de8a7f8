# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The collector below a path, behind nginx that passes the path on, and behind one that cuts it off."""

import json
import re
import subprocess
import time

import pytest
import requests

from conftest import Collector, eventually, free_port

NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location /traces/ {{ proxy_pass http://127.0.0.1:{upstream}{path}; proxy_buffering off; }}
    }}
}}
"""


@pytest.fixture(params=["passes the path on", "cuts the path off"])
def proxied(request, tmp_path):
    """A collector and the address at which nginx shows it."""
    passes = request.param == "passes the path on"
    collector = Collector(tmp_path / "data", *(["--base-path", "/traces"] if passes else []))
    port = free_port()
    settings = NGINX.format(folder=tmp_path, port=port, upstream=collector.port, path="" if passes else "/")
    (tmp_path / "nginx.conf").write_text(settings)
    nginx = subprocess.Popen(["nginx", "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "error.log")])
    url = f"http://127.0.0.1:{port}/traces/"
    eventually(lambda: requests.get(url, timeout=2).status_code == 200, what="nginx")
    yield collector, url
    nginx.terminate()
    nginx.wait(timeout=10)
    collector.stop()


def span(trace, start=0):
    now = int(time.time() * 1_000_000)
    return {"traceId": trace, "id": "1", "name": "get", "timestamp": now - start, "localEndpoint": {"serviceName": "web"}}


def test_page_and_files_are_below_the_path(proxied):
    _, url = proxied
    page = requests.get(url, timeout=5)
    names = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    assert "ui/app.js" in names
    for name in names:
        assert requests.get(url + name, timeout=5).status_code == 200, name


def test_spans_and_searches_go_through(proxied):
    collector, url = proxied
    assert requests.post(url + "api/v2/spans", json=[span("a1")], timeout=5).status_code == 202
    assert requests.post(collector.spans_url, json=[span("b2", 1_000_000)], timeout=5).status_code == 202
    answer = requests.get(url + "api/search", params={"q": "service:web"}, timeout=5)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["trace"]["traceId"] for line in lines if "trace" in line] == ["00000000000000a1", "00000000000000b2"]
    assert lines[-1]["end"]["complete"] is True
    assert requests.get(url + "api/trace/a1", timeout=5).json()["services"] == ["web"]


def test_the_tail_comes_while_it_goes_on(proxied):
    _, url = proxied
    with requests.get(url + "api/tail", params={"q": "service:web"}, stream=True, timeout=20) as tail:
        lines = tail.iter_lines(decode_unicode=True)
        assert next(lines) == ": watching"
        assert requests.post(url + "api/v2/spans", json=[span("c3")], timeout=5).status_code == 202
        data = next(line for line in lines if line.startswith("data: "))
        assert json.loads(data[6:])["traceId"] == "00000000000000c3"


def test_redirects_stay_below_the_path(proxied):
    _, url = proxied
    for path in ["zipkin", "zipkin/", "zipkin/dependency", "zipkin/traces/a1"]:
        answer = requests.get(url + path, timeout=5)
        assert answer.url.split("#")[0] == url, path
        assert answer.text.startswith("<!doctype html>")


def test_the_path_without_its_slash_leads_to_the_page(tmp_path):
    collector = Collector(tmp_path / "data", "--base-path", "/tools/traces/")
    try:
        answer = requests.get(collector.url + "/tools/traces?x=1", timeout=5)
        assert answer.url == collector.url + "/tools/traces/?x=1"
        assert answer.text.startswith("<!doctype html>")
    finally:
        collector.stop()
