# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Programs in Go that stand beside the tests."""

import functools
import os
import pathlib
import subprocess
import tempfile

from conftest import require


@functools.cache
def go_folder():
    """Where they are built; it lasts as long as the tests."""
    return tempfile.TemporaryDirectory(prefix="wingbeat-go-")


@functools.cache
def go_program(source):
    """The program of a source file, built with Debian's packages."""
    folder = pathlib.Path(go_folder().name)
    environment = {
        **os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(folder / "cache"),
    }
    binary = folder / pathlib.Path(source).stem
    subprocess.run([require("go"), "build", "-o", binary, source], env=environment, check=True)
    return str(binary)


def output(*command, given):
    """The standard output of a program that must end well."""
    done = subprocess.run(list(command), input=given, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout
