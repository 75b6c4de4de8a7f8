# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The contract of stores, on a real server, on a replicated pair, and on the current engine."""

import json
import os
import subprocess
import sys

import pytest
import requests
from clickhouse_servers import ClickHouse, Pair

from conftest import eventually, free_port, program


def broken_rules(storage):
    """The rules that a store in ClickHouse breaks, with what the contract says of them; checks that all were tried."""
    run = subprocess.run([program("StoreProbe"), storage], capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stderr
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(lines) >= 60
    return {line["rule"]: line["trouble"] for line in lines if "trouble" in line}


def test_single_server(tmp_path):
    server = ClickHouse(tmp_path / "server")
    try:
        assert broken_rules(f"clickhouse://span_writer:s3cret%2F%40@127.0.0.1:{server.port}") == {}
        databases = server.ask("SELECT name FROM system.databases WHERE name LIKE 'contract%'")
        assert len(databases) >= 60
    finally:
        server.stop()


def test_replicated_pair(tmp_path):
    pair = Pair(tmp_path)
    try:
        assert broken_rules(f"clickhouse://{pair.hosts}?cluster=pair") == {}
    finally:
        pair.stop()


def test_current_engine_behind_a_fake_server(tmp_path):
    """OpenTelemetry's own types; the engine is real, the server around it is not."""
    pytest.importorskip("chdb", reason="534 MB: make chdb installs it")
    port = free_port()
    fake = os.path.join(os.path.dirname(__file__), "chdb_server_fake.py")
    process = subprocess.Popen([sys.executable, fake, str(port), str(tmp_path)])
    try:
        eventually(lambda: requests.get(f"http://127.0.0.1:{port}/ping", timeout=2).ok, what="the fake server")
        assert broken_rules(f"clickhouse://127.0.0.1:{port}") == {}
    finally:
        process.kill()
        process.wait()
