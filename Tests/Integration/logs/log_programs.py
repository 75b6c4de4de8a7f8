# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The programs of the log tests: LogProbe, and those in Go beside this file."""

import functools
import os
import pathlib
import subprocess
import tempfile

from conftest import program, require

HERE = pathlib.Path(__file__).parent


@functools.cache
def go_folder():
    """Where the programs in Go are built; it lasts as long as the tests."""
    return tempfile.TemporaryDirectory(prefix="wingbeat-go-")


@functools.cache
def go_program(name):
    """A program in Go, built with Debian's packages."""
    folder = pathlib.Path(go_folder().name)
    environment = {
        **os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(folder / "cache"),
    }
    source = HERE / f"{name}.go"
    subprocess.run([require("go"), "build", "-o", folder / name, source], env=environment, check=True)
    return str(folder / name)


def output(*command, given):
    """The standard output of a program that must end well."""
    done = subprocess.run(list(command), input=given, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def gokit_log(encoding, events):
    """The lines that go-kit/log writes."""
    return output(go_program("gokit_log"), encoding, given=events.encode())


def parse_logfmt(lines):
    """What go-logfmt reads: a JSON array of pairs on each line."""
    return output(go_program("parse_logfmt"), given=lines)


def log_probe(encoding, events):
    """The lines that ours writes, without time and label."""
    return output(program("LogProbe"), "events", encoding, given=events.encode())
