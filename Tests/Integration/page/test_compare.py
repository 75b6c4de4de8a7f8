# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Comparing traces on the page in real Chromium, on spans of OpenTelemetry's SDK."""

import pytest
from selenium.webdriver.common.by import By

import orders
from browsing import PHONE, browser, excuse, find, resize, scheme, shot, visit, wait  # noqa: F401
from conftest import eventually


@pytest.fixture
def traces(collector):
    """One slow order and six that are as usual."""
    ids = orders.send(collector, {"selects": 40}, *[{"selects": 3 + number % 2} for number in range(6)])
    eventually(lambda: sum(len(collector.get(f"trace/{one}")) for one in ids) == 45 + 3 * 8 + 3 * 9, what="the spans of all traces")
    eventually(lambda: len(collector.get("traces", serviceName="front", lookback=3_600_000, limit=100)) == 7, what="all traces in a search")
    return ids


def differences(browser):
    """Operation, difference of self time, its two sides, difference of calls, its two sides."""
    script = """return [...document.querySelectorAll('[data-testid=difference-row]')].map((row) => [
        row.querySelector('.operation > span:nth-child(2)').innerText, ...[...row.cells].slice(1).map((cell) => cell.innerText)])"""
    return [[text.replace("\u00a0", " ") for text in row if text] for row in browser.execute_script(script)]


def test_two_traces(collector, browser, traces):
    slow, usual, *_ = traces
    visit(browser, f"{collector.url}/#/compare/{slow}/{usual}")
    verdict = find(browser, "verdict").text
    assert verdict == ("A took 370 ms longer than B. 80 % of what differs is SELECT item of stock: +296 ms of its own time,"
                       " called 40 times instead of 3.")
    found = differences(browser)
    assert found[:2] == [["SELECT item", "+296 ms", "320 ms", "24 ms", "+37", "40", "3"], ["reserve", "+74 ms", "88 ms", "14 ms", "±0", "1", "1"]]
    assert sorted(row[0] for row in found[2:]) == ["POST /order", "pay", "pay", "reserve"]
    assert all(row[1] == "±0" for row in found[2:])
    assert "480 ms, 45 spans" in find(browser, "compare-a").text
    shot(browser, "compare")
    find(browser, "compare-b").find_element(By.TAG_NAME, "a").click()
    wait(browser, lambda: f"/trace/{usual}" in browser.current_url)


def test_one_with_the_usual_of_its_operation(collector, browser, traces):
    slow, *_ = traces
    visit(browser, f"{collector.url}/#/trace/{slow}")
    find(browser, "comparisons").find_element(By.TAG_NAME, "summary").click()
    find(browser, "compare-usual").click()
    verdict = find(browser, "verdict").text
    assert "A took 365 ms longer than B." in verdict and "SELECT item of stock" in verdict
    assert "median of the 6 newest other traces of front POST /order" in find(browser, "compare-b").text
    assert "called 40 times instead of 3.5." in verdict
    scheme(browser, "dark")
    shot(browser, "compare-usual-dark")
    resize(browser, PHONE)
    wait(browser, lambda: browser.execute_script("return innerWidth") == PHONE[0])
    assert browser.execute_script("return document.documentElement.scrollWidth") <= PHONE[0]
    shot(browser, "compare-phone")


def test_another_trace_by_its_id(collector, browser, traces):
    slow, usual, *_ = traces
    visit(browser, f"{collector.url}/#/trace/{slow}")
    find(browser, "comparisons").find_element(By.TAG_NAME, "summary").click()
    find(browser, "compare-id").send_keys(usual.upper())
    find(browser, "comparisons").find_element(By.TAG_NAME, "button").click()
    wait(browser, lambda: browser.current_url.endswith(f"/#/compare/{slow}/{usual}"))
    find(browser, "verdict")


def test_nothing_to_compare_with_is_said(collector, browser):
    excuse(browser, "404")
    [alone] = orders.send(collector, {"selects": 3})
    eventually(lambda: len(collector.get(f"trace/{alone}")) == 8, what="the spans")
    visit(browser, f"{collector.url}/#/compare/{alone}/usual")
    assert "There is no other trace of front POST /order" in find(browser, "error-message").text
    visit(browser, f"{collector.url}/#/compare/{alone}/00000000000000ff")
    wait(browser, lambda: "No spans of trace 00000000000000ff are stored." in find(browser, "error-message").text)
