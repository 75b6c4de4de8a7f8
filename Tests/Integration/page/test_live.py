# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The live tail on the page: what is sent is seen, and what is not seen is counted."""

import time

import pytest
import requests
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import shop
from browsing import all_of, browser, excuse, find, focused, found_traces, shot, visit, wait  # noqa: F401


@pytest.fixture
def open_shop(collector):
    opened = shop.Shop(collector)
    yield opened
    opened.close()


@pytest.fixture
def live(collector, browser):
    visit(browser, collector.url + "/#/live")
    wait(browser, lambda: find(browser, "live-status").text == "Live: waiting for spans")
    return browser


def sold(open_shop, make=shop.cart, *arguments, **more):
    """The id of a trace that was sent just now."""
    span = make(open_shop, time.time_ns() - 2_000_000_000, *arguments, **more)
    open_shop.flush()
    return shop.trace_id(span)


def test_traces_appear_as_they_arrive_each_once(live, open_shop):
    first = sold(open_shop, shop.cart, 40)
    wait(live, lambda: found_traces(live) == [first])
    second = sold(open_shop, shop.checkout, 300, declined=True)
    wait(live, lambda: found_traces(live) == [second, first])
    # Services send by themselves, so a trace comes in parts.
    wait(live, lambda: "7 spans" in all_of(live, "trace-row")[0].text.replace("\N{NO-BREAK SPACE}", " "))
    row = all_of(live, "trace-row")[0]
    assert "POST /checkout" in row.text or "post /checkout" in row.text
    assert "2 errors" in row.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "0 spans skipped" in find(live, "live-counts").text.replace("\N{NO-BREAK SPACE}", " ")
    shot(live, "live")


def test_a_pause_holds_them_back_and_counts_them(live, open_shop):
    first = sold(open_shop, shop.health)
    wait(live, lambda: found_traces(live) == [first])
    live.find_element(By.TAG_NAME, "body").send_keys("p")
    assert find(live, "pause-button").get_attribute("aria-pressed") == "true"
    second, third = sold(open_shop, shop.health), sold(open_shop, shop.health)
    wait(live, lambda: "2 more since the pause" in find(live, "live-counts").text.replace("\N{NO-BREAK SPACE}", " "))
    assert found_traces(live) == [first]
    assert find(live, "live-status").text == "Paused"
    find(live, "pause-button").click()
    wait(live, lambda: found_traces(live) == [third, second, first])


def test_a_query_filters_and_its_mistakes_are_shown(collector, live, open_shop):
    box = find(live, "query-input")
    box.send_keys("service:payment", Keys.ENTER)
    wait(live, lambda: "q=service" in live.current_url and find(live, "live-status").text.startswith("Live"))
    sold(open_shop, shop.health)
    paid = sold(open_shop, shop.checkout, 300)
    wait(live, lambda: found_traces(live) == [paid])

    excuse(live, "status of 400", "MIME type")
    box = find(live, "query-input")
    box.clear()
    box.send_keys("duration>soon", Keys.ENTER)
    assert find(live, "query-problem").text
    assert find(live, "live-status").text == "Not connected"


def test_excluded_patterns_hold_for_the_tail_too(live, open_shop):
    find(live, "exclude-input").send_keys("health", Keys.ENTER)
    wait(live, lambda: find(live, "live-status").text == "Live: waiting for spans")
    sold(open_shop, shop.health)
    seen = sold(open_shop, shop.cart, 40)
    wait(live, lambda: found_traces(live) == [seen])

    excuse(live, "status of 400", "MIME type")
    find(live, "exclude-input").send_keys("duration>soon", Keys.ENTER)
    wait(live, lambda: "An excluded pattern cannot be read" in live.find_element(By.TAG_NAME, "main").text)


def test_the_list_stays_bounded(collector, live):
    now = time.time_ns() // 1000
    for batch in range(6):
        spans = [{"traceId": f"{batch * 100 + number + 1:016x}", "id": f"{number + 1:016x}", "name": "many", "timestamp": now,
                  "duration": 5, "localEndpoint": {"serviceName": "flood"}} for number in range(100)]
        assert requests.post(collector.spans_url, json=spans, timeout=5).status_code == 202
        seen = f"{(batch + 1) * 100:016x}"
        wait(live, lambda: seen in found_traces(live))
    wait(live, lambda: len(found_traces(live)) == 500)
    assert "100 older ones no longer shown" in find(live, "live-counts").text


def test_it_says_when_the_collector_is_gone(collector, live):
    excuse(live, "ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "Failed to load resource")
    collector.kill()
    wait(live, lambda: "trying again" in find(live, "live-status").text)
