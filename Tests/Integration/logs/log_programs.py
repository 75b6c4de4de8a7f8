# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The programs of the log tests: LogProbe, and those in Go beside this file."""

import pathlib

from conftest import program
from go_programs import go_program as go_source
from go_programs import output

HERE = pathlib.Path(__file__).parent


def go_program(name):
    """A program in Go of this folder."""
    return go_source(HERE / f"{name}.go")


def gokit_log(encoding, events):
    """The lines that go-kit/log writes."""
    return output(go_program("gokit_log"), encoding, given=events.encode())


def parse_logfmt(lines):
    """What go-logfmt reads: a JSON array of pairs on each line."""
    return output(go_program("parse_logfmt"), given=lines)


def log_probe(encoding, events):
    """The lines that ours writes, without time and label."""
    return output(program("LogProbe"), "events", encoding, given=events.encode())
