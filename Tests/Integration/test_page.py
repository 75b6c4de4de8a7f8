# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The collector's page in real Chromium, on spans that real services and hostile clients sent."""

import time

import pytest
import requests
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.chrome.service import Service as Driver
from selenium.webdriver.support.ui import Select, WebDriverWait

from conftest import ROOT, eventually, require

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--window-size=1280,900",
]
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = require("chromium")
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(service=Driver(require("chromedriver")), options=options)
    yield browser
    complaints = [entry for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    browser.quit()
    assert not complaints


def find(browser, test_id):
    selector = f'[data-testid="{test_id}"]'
    return WebDriverWait(browser, 10).until(lambda b: b.find_element(By.CSS_SELECTOR, selector))


def all_of(browser, test_id):
    return browser.find_elements(By.CSS_SELECTOR, f'[data-testid="{test_id}"]')


def wait(browser, check):
    return WebDriverWait(browser, 10).until(lambda _: check())


def shot(browser, name):
    folder = ROOT / ".build-shots"
    folder.mkdir(exist_ok=True)
    browser.save_screenshot(str(folder / f"{name}.png"))


def test_an_empty_collector_says_how_to_send_the_first_span(collector, browser):
    browser.get(collector.url)
    assert "curl" in find(browser, "first-span").text
    assert collector.spans_url in find(browser, "first-span").text


def spans_of_traces(collector):
    """How many spans each trace has; both services send theirs when they like."""
    return sorted(map(len, collector.get("traces", serviceName="stringsvc-back")))


def test_search_open_a_trace_and_read_a_span(collector, services, browser):
    front, _ = services
    for text in ("hello", "observability"):
        requests.post(front.url + "/uppercase", json={"s": text}, timeout=5)
    requests.post(front.url + "/count", json={"s": 42}, timeout=5)
    eventually(lambda: spans_of_traces(collector) == [3, 4, 4], what="the spans of three traces")

    browser.get(collector.url)
    wait(browser, lambda: len(all_of(browser, "trace-row")) == 3)
    shot(browser, "search")
    Select(find(browser, "service-select")).select_by_value("stringsvc-back")
    find(browser, "tags-input").send_keys("http.route=/uppercase")
    find(browser, "search-button").click()
    wait(browser, lambda: len(all_of(browser, "trace-row")) == 2)
    assert "serviceName=stringsvc-back" in browser.current_url

    all_of(browser, "trace-row")[0].click()
    wait(browser, lambda: len(all_of(browser, "span-row")) == 4)
    names = [row.text for row in all_of(browser, "span-row")]
    assert "uppercase" in names[3]
    all_of(browser, "span-row")[3].click()
    assert find(browser, "span-name").text == "uppercase"
    tags = {row.get_attribute("data-key"): row.text for row in all_of(browser, "tag-row")}
    assert "input.length" in tags and tags["input.length"].endswith(("5", "13"))
    assert "span=" in browser.current_url
    shot(browser, "trace")

    link = browser.current_url
    browser.get("about:blank")
    browser.get(link)
    assert find(browser, "span-name").text == "uppercase"


def test_names_and_values_of_an_attacker_stay_text(collector, browser):
    now = time.time_ns() // 1000
    span = {
        "traceId": "00000000000000aa", "id": "00000000000000aa", "name": HOSTILE, "timestamp": now, "duration": 2000,
        "localEndpoint": {"serviceName": HOSTILE}, "tags": {HOSTILE: HOSTILE, "__proto__": "x"},
        "annotations": [{"timestamp": now, "value": HOSTILE}],
    }
    assert requests.post(collector.spans_url, json=[span], timeout=5).status_code == 202

    browser.get(collector.url)
    row = find(browser, "trace-row")
    assert HOSTILE in row.text
    row.click()
    find(browser, "span-row").click()
    assert find(browser, "span-name").text == HOSTILE
    assert len(all_of(browser, "tag-row")) == 2
    assert browser.find_elements(By.CSS_SELECTOR, "img") == []
    shot(browser, "hostile")


def test_dependencies_are_a_table(collector, services, browser):
    front, _ = services
    requests.post(front.url + "/count", json={"s": "hello"}, timeout=5)
    now = int(time.time() * 1000)
    eventually(lambda: collector.get("dependencies", endTs=now, lookback=3_600_000), what="the link of the two services")
    browser.get(collector.url + "/#/dependencies")
    row = find(browser, "dependency-row")
    assert "stringsvc-front" in row.text and "stringsvc-back" in row.text
    shot(browser, "dependencies")


def test_a_search_that_finds_nothing_says_so(collector, browser):
    span = {"traceId": "00000000000000aa", "id": "00000000000000aa", "timestamp": time.time_ns() // 1000,
            "localEndpoint": {"serviceName": "one"}}
    assert requests.post(collector.spans_url, json=[span], timeout=5).status_code == 202
    browser.get(collector.url + "/#/?serviceName=one&annotationQuery=missing&lookback=3600000&limit=10")
    assert find(browser, "empty-state").text
    assert not all_of(browser, "trace-row")
