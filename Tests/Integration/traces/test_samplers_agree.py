# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Which traces a ratio chooses: ours as other libraries, for ten thousand random ids."""

import random

import pytest
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased

from conftest import program
from go_programs import go_program, output
from trace_programs import HERE

SEED = random.randrange(2**32)
COUNT = 10_000
RATIOS = (0.0, 0.0001, 0.001, 0.01, 0.1, 0.25, 1 / 3, 0.5, 0.9, 0.9999, 1.0)


def ids(bits=128):
    generator = random.Random(SEED)
    return [(generator.getrandbits(bits) or 1) for _ in range(COUNT)]


def decisions(command, ids):
    printed = output(*(str(word) for word in command), given="".join(f"{id:032x}\n" for id in ids).encode())
    decided = [line == b"1" for line in printed.splitlines()]
    assert len(decided) == len(ids)
    return decided


def ours(rule, ratio, ids, salt=0):
    return decisions([program("TraceProbe"), "sample", rule, ratio, salt], ids)


def theirs(library, ratio, ids, salt=0):
    return decisions([go_program(HERE / "samplers.go"), library, ratio, salt], ids)


@pytest.mark.parametrize("ratio", RATIOS)
def test_opentelemetry_python(ratio):
    sampler = TraceIdRatioBased(ratio)
    wanted = [sampler.should_sample(None, id, "probe").decision.is_sampled() for id in ids()]
    assert ours("openTelemetry", ratio, ids()) == wanted, f"seed {SEED}"


@pytest.mark.parametrize("ratio", RATIOS)
def test_opentelemetry_go(ratio):
    """Debian's version still chooses by the left half."""
    assert ours("openTelemetryLeftHalf", ratio, ids()) == theirs("otel", ratio, ids()), f"seed {SEED}"


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("salt", (0, 1, 2**62 + 12345))
def test_zipkin_go(ratio, salt):
    """Its own ids have 63 bits."""
    ours_, theirs_ = (decide(name, ratio, ids(63), salt) for decide, name in ((ours, "zipkinBoundary"), (theirs, "zipkin")))
    assert ours_ == theirs_, f"seed {SEED}"


@pytest.mark.parametrize("ratio", (0.01, 0.1, 0.5, 0.9))
def test_zipkins_collector(ratio):
    """The rule of zipkin2.collector.CollectorSampler, told here once more."""
    def signed(id):
        low = id & (2**64 - 1)
        return low - 2**64 if low >= 2**63 else low

    wanted = [min(abs(signed(id)), 2**63 - 1) <= int((2**63 - 1) * ratio) for id in ids()]
    assert ours("zipkin", ratio, ids()) == wanted, f"seed {SEED}"
