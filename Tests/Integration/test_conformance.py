# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The table of conformance names tests that exist, for every statement."""

import re

from conftest import ROOT

ROWS = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \|$", (ROOT / "docs/conformance.md").read_text(), re.MULTILINE)


def functions():
    """The tests of each suite, and the rules of the contract of stores."""
    found = set()
    for path in (ROOT / "Tests/Integration").glob("test_*.py"):
        found |= {f"{path.name}::{name}" for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)}
    for path in (ROOT / "Tests").rglob("*.swift"):
        suite = None
        for line in path.read_text().splitlines():
            if match := re.match(r"(?:struct|final class) (\w+)", line):
                suite = match[1]
            elif match := re.match(r"    func (\w+)\(", line):
                found.add(f"{suite}.{match[1]}")
    rules = (ROOT / "collector/WingbeatCollectorTesting/SpanStoreRule.swift").read_text()
    return found | {f"SpanStoreRule.{name}" for name in re.findall(r"^    case (\w+)$", rules, re.MULTILINE)}


def test_every_statement_is_there_once_and_in_order():
    assert [int(number) for number, _, _ in ROWS] == list(range(1, 84))


def test_the_tests_that_are_named_exist():
    known = functions()
    named = [name for _, _, tests in ROWS for name in re.findall(r"`([^`]+)`", tests)]
    assert len(named) > 80
    assert [name for name in named if name not in known] == []


def test_every_statement_is_shown():
    assert [number for number, _, tests in ROWS if not re.findall(r"`([^`]+)`", tests)] == []
