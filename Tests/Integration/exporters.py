# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""What the exporters' tests share: the probe, its books and its texts."""

import json
import os
import subprocess

from conftest import program

# The label values of the probe's gauge `probe.odd`; the value of each is its place.
ODD_TEXTS = [
    "plain", "a b", "a,b", "a=b", "a;b", 'a"b', "a\\b", "a\nb", "a/b", "a.b", "~a", "a|ST[b:c]", "日本 é", "#a", "$a{b}",
]


class Probe:
    """ExporterProbe at work; what it recorded is its last line of output."""

    def __init__(self, *arguments, **environment):
        self.process = subprocess.Popen(
            [program("ExporterProbe"), *map(str, arguments)],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def result(self, seconds=120):
        self.output, self.trouble = self.process.communicate(timeout=seconds)
        assert self.process.returncode == 0, self.trouble
        return json.loads(self.output.splitlines()[-1])


def assert_books_balance(recorded):
    """Every message is accounted for, and none is left when the exporter has ended."""
    assert recorded["recorded"] == recorded["exported"] + recorded["dropped"] + recorded["queued"]
    assert recorded["queued"] == 0


def assert_quantiles(found, recorded):
    for name in ("p50", "p90", "p95", "p99"):
        assert abs(found[name] - recorded[name]) <= 0.01 * recorded[name], (name, found[name], recorded[name])
