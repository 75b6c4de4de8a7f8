# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Services and their dependencies on the page."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import shop
from browsing import all_of, browser, find, found_traces, shot, texts, values, visit, wait  # noqa: F401
from conftest import eventually


@pytest.fixture
def traces(collector):
    with shop.opened(collector) as made:
        count = sum(map(len, made.values()))
        eventually(lambda: len(collector.get("traces", limit=100, lookback=3_600_000)) == count, what="the shop's traces")
        yield made


def operations(browser):
    """Names of the rows, services included, from top to bottom."""
    script = "return [...document.querySelectorAll('.operations tbody th')].map((head) => head.innerText.toLowerCase())"
    return browser.execute_script(script)


def test_operations_have_rates_errors_and_durations(collector, browser, traces):
    visit(browser, collector.url + "/#/services")
    wait(browser, lambda: len(all_of(browser, "operation-row")) == 11)
    assert sorted(row.split("\t")[0].strip().lower() for row in texts(browser, "service-row")) == ["cart", "checkout", "gateway", "payment"]
    rows = {row.split("\t")[0].strip().lower(): row.split("\t") for row in texts(browser, "operation-row")}
    assert set(rows) == {"get /health", "get /cart", "get cart", "redis get", "post /checkout", "place order", "charge"}
    _, _, rate, errors, p50, _, _ = [part.strip().replace("\N{NO-BREAK SPACE}", " ") for part in rows["post /checkout"]]
    assert rate in ("3.9/h", "4/h") and errors == "50 %"
    assert 700 <= float(p50.split()[0]) <= 1200 or p50.endswith(" s")
    assert len(browser.find_elements(By.CSS_SELECTOR, "svg.sparkline[role=img][aria-label]")) == 15
    shot(browser, "services")


def test_the_table_sorts_and_filters(collector, browser, traces):
    visit(browser, collector.url + "/#/services")
    wait(browser, lambda: len(all_of(browser, "operation-row")) == 11)
    find(browser, "sort-errors").click()
    wait(browser, lambda: operations(browser)[0] == "payment")
    assert find(browser, "sort-errors").find_element(By.XPATH, "..").get_attribute("aria-sort") == "descending"
    find(browser, "filter-input").send_keys("redis")
    wait(browser, lambda: operations(browser) == ["cart", "redis get"])
    link = browser.current_url
    find(browser, "filter-input").send_keys(Keys.TAB)
    wait(browser, lambda: "filter=redis" in browser.current_url and link != browser.current_url)


def test_an_operation_leads_to_its_traces(collector, browser, traces):
    visit(browser, collector.url + "/#/services?filter=post")
    wait(browser, lambda: operations(browser) == ["gateway", "post /checkout"])
    row = find(browser, "operation-row")
    row.find_elements(By.TAG_NAME, "a")[0].click()
    wait(browser, lambda: set(found_traces(browser)) == {*traces["checkout"], *traces["declined"]})
    browser.back()
    wait(browser, lambda: operations(browser) == ["gateway", "post /checkout"])
    find(browser, "operation-row").find_elements(By.TAG_NAME, "a")[1].click()
    wait(browser, lambda: set(found_traces(browser)) == set(traces["declined"]))


def test_dependencies_are_a_picture_and_a_table(collector, browser, traces):
    visit(browser, collector.url + "/#/dependencies")
    links = {("gateway", "cart"): "4", ("gateway", "checkout"): "4", ("checkout", "cart"): "4", ("checkout", "payment"): "4",
             ("cart", "redis"): "12"}
    wait(browser, lambda: len(all_of(browser, "dependency-row")) == len(links))
    rows = [[cell.strip() for cell in row.split("\t")] for row in texts(browser, "dependency-row")]
    assert {(parent, child): calls for parent, child, calls, *_ in rows} == links
    errors = {(parent, child): errors for parent, child, _, _, errors, *_ in rows}
    assert errors.pop(("checkout", "payment")) == "2" and set(errors.values()) == {"0"}

    edges = set(zip(values(browser, "graph-edge", "data-from"), values(browser, "graph-edge", "data-to")))
    assert edges == set(links)
    places = browser.execute_script("""
        return Object.fromEntries([...document.querySelectorAll('.node')].map((node) =>
          [node.dataset.service, node.querySelector('rect').getBoundingClientRect().toJSON()]))""")
    assert set(places) == {"gateway", "checkout", "cart", "payment", "redis"}
    assert all(places[caller]["right"] < places[called]["left"] for caller, called in links)
    boxes = list(places.values())
    assert not any(overlap(one, other) for number, one in enumerate(boxes) for other in boxes[:number])
    assert "50 %" in " ".join(label.text for label in browser.find_elements(By.CSS_SELECTOR, ".edge-label")).replace("\N{NO-BREAK SPACE}", " ")
    shot(browser, "dependencies")
    browser.find_element(By.CSS_SELECTOR, '.node[data-service="payment"]').click()
    wait(browser, lambda: set(found_traces(browser)) == {*traces["checkout"], *traces["declined"]})


def overlap(one, other):
    return one["left"] < other["right"] and other["left"] < one["right"] and one["top"] < other["bottom"] and other["top"] < one["bottom"]


def test_loops_and_self_calls_are_drawn_too(collector, browser):
    import time

    import requests

    now = time.time_ns() // 1000
    names = ["a", "b", "c", "a", "a"]
    spans = []
    for number, name in enumerate(names):
        span = {"traceId": "00000000000000aa", "id": f"{number + 1:016x}", "name": "call", "timestamp": now + number, "duration": 100 - number,
                "kind": "SERVER", "localEndpoint": {"serviceName": name}}
        spans.append({**span, "parentId": f"{number:016x}"} if number else span)
    assert requests.post(collector.spans_url, json=spans, timeout=5).status_code == 202
    visit(browser, collector.url + "/#/dependencies")
    wait(browser, lambda: len(all_of(browser, "dependency-row")) == 4)
    assert set(zip(values(browser, "graph-edge", "data-from"), values(browser, "graph-edge", "data-to"))) == {("a", "b"), ("b", "c"), ("c", "a"), ("a", "a")}


def test_no_spans_no_services(collector, browser):
    visit(browser, collector.url + "/#/services")
    assert "No operations" in find(browser, "empty-state").text
    visit(browser, collector.url + "/#/dependencies")
    wait(browser, lambda: "No calls between services" in browser.find_element(By.TAG_NAME, "main").text)
