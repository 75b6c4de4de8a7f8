# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""A million inputs that are cut off, damaged or without any meaning end no reader of spans, and cost little memory."""

import re
import subprocess

import pytest

from conftest import program

INPUTS = 1_000_000
# An attribute without key and value is two bytes of OTLP, and forty in memory; a list that grows is there twice for a moment.
MEMORY_PER_BYTE = {"otlp-json": 40, "otlp-protobuf": 40}
DECODERS = ["otlp-json", "otlp-protobuf", "zipkin-json", "zipkin-protobuf", "zipkin-v1-json", "zipkin-thrift"]


def run(*arguments):
    """What the probe prints, and the most memory that it had at once, in bytes.

    The probe says the latter itself: what the system tells of a child counts what this process had when it forked.
    """
    process = subprocess.run([program("CodecProbe"), *map(str, arguments)], capture_output=True, text=True, timeout=300)
    assert process.returncode == 0, process.stderr
    return process.stdout, int(re.fullmatch(r"peak_kb=(\d+)\n", process.stderr)[1]) * 1024


@pytest.mark.parametrize("decoder", DECODERS)
def test_no_input_traps_or_takes_memory(decoder):
    output, memory = run("fuzz", decoder, INPUTS, 20261121)
    inputs, taken, refused = map(int, re.fullmatch(r"inputs=(\d+) taken=(\d+) refused=(\d+)\n", output).groups())
    assert inputs == taken + refused == INPUTS
    assert taken > INPUTS / 100, "the damage is such that the reader is tried beyond the first mistake"
    assert refused > INPUTS / 10, "the damage is such that mistakes are made"
    assert memory < 64_000_000


@pytest.mark.parametrize("decoder", DECODERS)
def test_the_densest_input_takes_a_small_multiple_of_its_size(decoder):
    size = 4_000_000
    output, memory = run("dense", decoder, size)
    assert all(int(count) > 0 for count in output.split())
    assert memory < 20_000_000 + MEMORY_PER_BYTE.get(decoder, 32) * size
