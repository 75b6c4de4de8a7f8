# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The console shows a service's metrics as a table on standard output."""

import re

from exporters import Probe, assert_books_balance


def test_a_table_on_standard_output():
    probe = Probe("console")
    recorded = probe.result()
    assert_books_balance(recorded)
    assert recorded["exported"] == 1
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z\n\nNAME +LABELS +VALUE\n", probe.output)
    rows = {tuple(line.split()[:2]): line.split() for line in probe.output.splitlines() if line.strip()}
    for method in ("GET", "POST"):
        assert rows["probe.requests", f'method="{method}"'][2] == f"{recorded[method]:.0f}"
    assert rows["probe.temperature", "-3.5"]
    name, count, mean, p50, *_ = rows["probe.latency", "12345"]
    assert abs(float(mean) - recorded["sum"] / 12_345) < 0.1
    assert abs(float(p50) - recorded["p50"]) < 0.01 * recorded["p50"]
    assert r'text="a\nb"' in probe.output and 'text="日本 é"' in probe.output
