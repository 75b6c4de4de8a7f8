# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The walk of docs/guides/first-trace.md: the slowest failing request and its cause, in four steps."""

import requests
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browsing import all_of, browser, choose, find, resize, shot, wait  # noqa: F401
from conftest import Service, eventually, free_port, program

WINDOW = (1100, 720)


def start(name, collector, folder, **environment):
    port = free_port()
    settings = {"PORT": str(port), "OTEL_EXPORTER_ZIPKIN_ENDPOINT": collector.spans_url, **environment}
    return Service([program(name)], port, "/healthz", settings, folder / f"{name}.log")


def test_the_slowest_failing_request_and_its_cause(collector, browser, tmp_path):
    back = start("StringsvcBack", collector, tmp_path, STRINGSVC_FAULTS="0.3")
    front = start("StringsvcFront", collector, tmp_path, BACKEND=back.url)
    try:
        for number in range(60):
            requests.post(front.url + "/uppercase", json={"s": f"hello {number}"}, timeout=5)
        whole = lambda: [spans for spans in collector.get("traces", limit=100) if len(spans) == 4]  # noqa: E731
        traces = eventually(lambda: len(whole()) == 60 and whole(), what="60 traces of four spans")
    finally:
        front.stop()
        back.stop()
    failed = [spans for spans in traces if any("error" in span.get("tags", {}) for span in spans)]
    slowest = max(failed, key=lambda spans: max(span["duration"] for span in spans))[0]["traceId"]

    resize(browser, WINDOW)
    browser.get(collector.url)
    find(browser, "trace-row")
    shot(browser, "first-trace-1")
    find(browser, "query-input").send_keys("error", Keys.ENTER)
    choose(browser, "order-select", "longest")
    wait(browser, lambda: find(browser, "trace-row").get_attribute("data-trace-id") == slowest)
    shot(browser, "first-trace-2")
    find(browser, "trace-row").click()
    wait(browser, lambda: slowest in browser.current_url and all_of(browser, "waterfall"))
    shot(browser, "first-trace-3")
    said = lambda: browser.find_element(By.TAG_NAME, "main").text  # noqa: E731
    find(browser, "failure").click()
    wait(browser, lambda: "out of letters" in said() and find(browser, "span-name").text == "uppercase")
    shot(browser, "first-trace-4")
