# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""A million inputs that are cut off, damaged or without any meaning end no reader of spans, and cost little memory."""

import os
import re
import subprocess

import pytest

from conftest import program

INPUTS = 1_000_000
DECODERS = ["otlp-json", "otlp-protobuf", "zipkin-json", "zipkin-protobuf", "zipkin-v1-json", "zipkin-thrift"]


@pytest.mark.parametrize("decoder", DECODERS)
def test_no_input_traps_or_takes_memory(decoder):
    process = subprocess.Popen([program("CodecProbe"), "fuzz", decoder, str(INPUTS), "20261121"], stdout=subprocess.PIPE)
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    inputs, taken, refused = map(int, re.fullmatch(r"inputs=(\d+) taken=(\d+) refused=(\d+)\n", output).groups())
    assert inputs == taken + refused == INPUTS
    assert taken > INPUTS / 100, "the damage is such that the reader is tried beyond the first mistake"
    assert refused > INPUTS / 10, "the damage is such that mistakes are made"
    assert usage.ru_maxrss < 64 * 1024  # KiB
