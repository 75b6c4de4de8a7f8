# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""A consumer of the three signals alone, without traits, fetches nothing else."""

import json
import subprocess

from conftest import ROOT

PACKAGE = ROOT / "Tests" / "LeanConsumer"
SCRATCH = ROOT / ".build-lean"
ALLOWED = {
    "wingbeat", "swift-log", "swift-metrics", "swift-distributed-tracing", "swift-service-lifecycle",
    # what swift-service-lifecycle needs
    "swift-async-algorithms", "swift-collections",
}


def swift(tool, *arguments):
    command = ["swift", tool, "--package-path", str(PACKAGE), "--scratch-path", str(SCRATCH), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=1500)


def names(package):
    return {package["name"]}.union(*(names(child) for child in package["dependencies"]))


def test_only_the_front_doors_are_fetched():
    shown = swift("package", "show-dependencies", "--format", "json")
    assert shown.returncode == 0, shown.stderr
    tree = json.loads(shown.stdout[shown.stdout.index("{"):])
    fetched = names(tree) - {"leanconsumer"}
    assert fetched <= ALLOWED, f"also fetched: {fetched - ALLOWED}"
    checkouts = {path.name for path in (SCRATCH / "checkouts").iterdir()}
    assert checkouts <= ALLOWED, f"also checked out: {checkouts - ALLOWED}"


def test_it_builds_and_runs():
    run = swift("run", "LeanConsumer")
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1] == "orders = 1, spans = 1, lines = 1"
