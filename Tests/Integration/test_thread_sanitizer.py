# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The registry, the log buffer and the tracer under load: with the thread sanitizer, and in full size as they are used."""

import json
import subprocess

from conftest import ROOT

PACKAGE = ROOT / "Tests" / "ThreadSanitizer"


def run(scratch, build, *arguments):
    options = ["--package-path", str(PACKAGE), "--scratch-path", str(ROOT / scratch), *build]
    built = subprocess.run(["swift", "build", *options], capture_output=True, text=True, timeout=1500)
    assert built.returncode == 0, built.stdout + built.stderr
    shown = subprocess.run(["swift", "build", *options, "--show-bin-path"], capture_output=True, text=True, check=True)
    program = f"{shown.stdout.strip()}/Stress"
    command = [program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=600)


def assert_exact(outcome, observed):
    assert outcome["wrong_sums"] == 0
    assert outcome["shrunk"] == 0
    assert outcome["observed"] == observed
    assert outcome["readings"] > 0


def test_the_thread_sanitizer_finds_nothing_in_the_registry():
    ended = run(".build-tsan", ["--sanitize", "thread"], 30, 4_000, 200)
    assert "ThreadSanitizer" not in ended.stderr, ended.stderr[:5000]
    assert ended.returncode == 0
    assert_exact(json.loads(ended.stdout), 30 * 4_000 // 8)


def test_the_thread_sanitizer_finds_nothing_in_the_log_buffer():
    ended = run(".build-tsan", ["--sanitize", "thread"], "logs", 8, 6_000)
    assert "ThreadSanitizer" not in ended.stderr, ended.stderr[:5000]
    assert ended.returncode == 0
    blocking, dropping = json.loads(ended.stdout)
    assert blocking == {"kept": 48_000, "refused": 0, "lost": 0, "wrong": 0, "missing": 0}
    assert dropping["kept"] + dropping["refused"] == 48_000
    assert (dropping["lost"], dropping["wrong"], dropping["missing"]) == (0, 0, 0)


def test_the_thread_sanitizer_finds_nothing_in_the_tracer():
    ended = run(".build-tsan", ["--sanitize", "thread"], "spans", 8, 3_000)
    assert "ThreadSanitizer" not in ended.stderr, ended.stderr[:5000]
    assert ended.returncode == 0
    books = json.loads(ended.stdout)
    assert books["started"] == books["finished"] + books["forgotten"]
    assert books["reported"] == books["finished"] >= 8 * 3_000
    assert books["forgotten"] >= 8 * 3_000
    assert books["wrong"] == 0


def test_a_hundred_threads_of_a_hundred_thousand_increments_over_a_thousand_series():
    ended = run(".build-stress", ["-c", "release"], 100, 100_000, 1_000)
    assert ended.returncode == 0, ended.stderr
    assert_exact(json.loads(ended.stdout), 100 * 100_000 // 8)
