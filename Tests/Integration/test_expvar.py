# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""What the expvar endpoint answers is what Go's own handler answers for the same numbers."""

import json
import os
import re
import subprocess

import pytest

from conftest import require
from exporters import Probe, assert_quantiles

# Publishes what it reads, numbers and maps of numbers, and prints what Go's handler answers.
GO = """
package main

import (
    "encoding/json"
    "expvar"
    "fmt"
    "net/http/httptest"
    "os"
)

func number(value float64) expvar.Var {
    variable := new(expvar.Float)
    variable.Set(value)
    return variable
}

func main() {
    var variables map[string]interface{}
    if err := json.NewDecoder(os.Stdin).Decode(&variables); err != nil {
        panic(err)
    }
    for name, value := range variables {
        switch value := value.(type) {
        case float64:
            expvar.Publish(name, number(value))
        case map[string]interface{}:
            all := expvar.NewMap(name)
            for key, value := range value {
                all.Set(key, number(value.(float64)))
            }
        }
    }
    answer := httptest.NewRecorder()
    expvar.Handler().ServeHTTP(answer, httptest.NewRequest("GET", "/debug/vars", nil))
    fmt.Print(answer.Body.String())
}
"""


@pytest.fixture(scope="module")
def go_expvar(tmp_path_factory):
    folder = tmp_path_factory.mktemp("go")
    (folder / "main.go").write_text(GO)
    environment = {**os.environ, "GO111MODULE": "off", "GOCACHE": str(folder / "cache")}
    binary = folder / "expvar"
    subprocess.run([require("go"), "build", "-o", binary, folder / "main.go"], env=environment, check=True)

    def answer(variables):
        done = subprocess.run([binary], input=json.dumps(variables), capture_output=True, text=True, check=True)
        return done.stdout

    return answer


def shape(text):
    """The lines without their numbers, which the two languages spell differently (1e+06 and 1000000)."""
    lines = [line for line in text.splitlines() if not line.startswith(('"cmdline"', '"memstats"'))]
    return [re.sub(r"(?<=: )-?[0-9][0-9.e+-]*", "0", line) for line in lines]


def test_the_answer_is_that_of_go(go_expvar):
    probe = Probe("expvar")
    recorded = probe.result()
    text = probe.output[: probe.output.index("\n}\n") + 3]
    found = json.loads(text)
    assert found["probe.requests"] == {f"method={method}": recorded[method] for method in ("GET", "POST")}
    assert found["probe.temperature"] == -3.5
    assert found["probe.latency.count"] == recorded["count"] == 12_345
    assert found["probe.latency.sum"] == pytest.approx(recorded["sum"], rel=1e-12)
    assert_quantiles({name: found[f"probe.latency.{name}"] for name in ("p50", "p90", "p95", "p99")}, recorded)

    gos = go_expvar({name: value for name, value in found.items() if name not in ("cmdline", "memstats")})
    assert shape(text) == shape(gos)
    gos_found = json.loads(gos)
    assert list(found) == list(gos_found), "the same variables in the same order"
    for name in set(found) - {"cmdline", "memstats"}:
        assert found[name] == gos_found[name]
    assert found["cmdline"][1:] == ["expvar"]
    assert found["memstats"]["Alloc"] > 100_000
    assert found["memstats"].keys() < gos_found["memstats"].keys(), "no field that Go does not know"
