# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The model behind the trace view, in the browser that runs it, beside slow and plain computations of the same."""

import pathlib

from browsing import browser  # noqa: F401


def test_shapes_and_sums(collector, browser):
    browser.get(collector.url)
    source = pathlib.Path(__file__).with_name("model_checks.js").read_text().replace("export ", "")
    browser.set_script_timeout(60)
    script = source + "\nconst done = arguments[0]; checks(document.baseURI).then(done, (error) => done([String(error.stack)]));"
    assert browser.execute_async_script(script) == []
