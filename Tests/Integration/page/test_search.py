# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Searching on the page in real Chromium, for spans that OpenTelemetry's SDK and real services sent."""

import time

import pytest
import requests
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import shop
from browsing import all_of, browser, choose, excuse, find, focused, found_traces, shot, texts, visit, wait  # noqa: F401
from conftest import eventually


@pytest.fixture
def traces(collector):
    with shop.opened(collector) as made:
        count = sum(map(len, made.values()))
        eventually(lambda: len(collector.get("traces", limit=100, lookback=3_600_000)) == count, what="the shop's traces")
        yield made


def search(browser, query):
    box = find(browser, "query-input")
    box.clear()
    box.send_keys(query, Keys.ENTER)


def expect(browser, *groups):
    """Exactly these traces are in the list."""
    wanted = {trace for group in groups for trace in group}
    wait(browser, lambda: set(found_traces(browser)) == wanted)
    assert len(found_traces(browser)) == len(wanted)


def test_an_empty_collector_says_how_to_send_the_first_span(collector, browser):
    browser.get(collector.url)
    assert "curl" in find(browser, "first-span").text
    assert collector.spans_url in find(browser, "first-span").text


def test_queries_find_exactly_what_they_ask_for(collector, browser, traces):
    browser.get(collector.url)
    expect(browser, *traces.values())
    assert find(browser, "search-status").text == "14 traces"
    shot(browser, "search")
    cases = {
        "service:cart": ["cart", "checkout", "declined"],
        "error": ["declined"],
        'name:"GET /cart"': ["cart"],
        "http.route=/pay duration>200ms": ["checkout", "declined"],
        "service:payment -error": ["checkout"],
        "http.route=/c*": ["cart", "checkout", "declined"],
        '(http.route=/health OR name:"redis GET")': ["health", "cart"],
        "trace.errors>0": ["declined"],
    }
    for query, kinds in cases.items():
        search(browser, query)
        expect(browser, *(traces[kind] for kind in kinds))
        assert f"{len(found_traces(browser))} traces" == find(browser, "search-status").text
    assert "That is all that matches in the last hour." in find(browser, "end-line").text

    link = browser.current_url
    visit(browser, link)
    expect(browser, traces["declined"])
    assert find(browser, "query-input").get_attribute("value") == "trace.errors>0"


def test_the_server_sorts_and_says_how_many_there_are(collector, browser, traces):
    visit(browser, collector.url + "/#/?limit=2")
    wait(browser, lambda: len(found_traces(browser)) == 2)
    choose(browser, "order-select", "longest")
    wait(browser, lambda: found_traces(browser) == [traces["declined"][1], traces["checkout"][1]])
    assert "2 longest of 14" in find(browser, "end-line").text
    choose(browser, "order-select", "errors")
    wait(browser, lambda: set(found_traces(browser)) == set(traces["declined"]))
    choose(browser, "order-select", "newest")
    wait(browser, lambda: found_traces(browser) == [traces["health"][5], traces["declined"][1]])
    find(browser, "more-button").click()
    expect(browser, *traces.values())


def test_an_id_goes_straight_to_its_trace(collector, browser, traces):
    browser.get(collector.url)
    search(browser, traces["cart"][0])
    wait(browser, lambda: f"#/trace/{traces['cart'][0]}" in browser.current_url)


def test_a_mistake_is_shown_at_its_place(collector, browser, traces):
    excuse(browser, "status of 400")
    browser.get(collector.url)
    wait(browser, lambda: found_traces(browser))
    search(browser, "service:cart duration>soon")
    assert find(browser, "query-problem").text
    box = find(browser, "query-input")
    assert box.get_attribute("aria-invalid") == "true"
    place = find(browser, "query-place")
    mark = place.find_element(By.TAG_NAME, "mark")
    before = place.text[: place.text.index(mark.text, len("service:cart "))]
    assert place.text == "service:cart duration>soon" and before.startswith("service:cart ")
    shot(browser, "search-mistake")
    search(browser, "service:cart")
    expect(browser, traces["cart"], traces["checkout"], traces["declined"])
    assert not all_of(browser, "query-problem")[0].is_displayed()


def test_suggestions_are_a_combobox(collector, browser, traces):
    browser.get(collector.url)
    wait(browser, lambda: found_traces(browser))
    box = find(browser, "query-input")
    box.send_keys("service:pa")
    wait(browser, lambda: [text.split("\n")[0] for text in texts(browser, "suggestion")] == ["payment"])
    assert box.get_attribute("role") == "combobox" and box.get_attribute("aria-expanded") == "true"
    assert box.get_attribute("aria-activedescendant") is None
    shot(browser, "search-suggestions")
    box.send_keys(Keys.ARROW_DOWN)
    active = browser.find_element(By.ID, box.get_attribute("aria-activedescendant"))
    assert active.get_attribute("aria-selected") == "true" and active.get_attribute("role") == "option"
    box.send_keys(Keys.ENTER)
    assert box.get_attribute("value").strip() == "service:payment"
    box.send_keys(Keys.ESCAPE, Keys.ENTER)
    expect(browser, traces["checkout"], traces["declined"])


def test_the_form_writes_the_query_and_reads_it(collector, browser, traces):
    browser.get(collector.url)
    find(browser, "form-button").click()
    wait(browser, lambda: "gateway" in find(browser, "service-select").text)
    choose(browser, "service-select", "payment")
    find(browser, "min-duration-input").send_keys("100ms")
    find(browser, "tags-input").send_keys("http.route=/pay")
    find(browser, "errors-checkbox").click()
    written = find(browser, "query-input").get_attribute("value")
    assert set(written.split()) == {"service:payment", "duration>=100ms", "http.route=/pay", "error"}
    find(browser, "search-button").click()
    expect(browser, traces["declined"])
    shot(browser, "search-form")

    box = find(browser, "query-input")
    box.clear()
    box.send_keys("service:cart duration<=1s")
    assert find(browser, "service-select").get_attribute("value") == "cart"
    assert find(browser, "max-duration-input").get_attribute("value") == "1s"
    assert not find(browser, "errors-checkbox").is_selected()
    wait(browser, lambda: "redis get" in find(browser, "operation-select").text.lower())


def test_excluded_patterns_are_remembered(collector, browser, traces):
    browser.get(collector.url)
    expect(browser, *traces.values())
    find(browser, "exclude-input").send_keys("http.route=/health", Keys.ENTER)
    rest = [traces[kind] for kind in ("cart", "checkout", "declined")]
    expect(browser, *rest)

    visit(browser, collector.url)
    expect(browser, *rest)
    assert texts(browser, "excluded-chip")[0].startswith("-http.route=/health")
    toggle, forget = find(browser, "excluded-chip").find_elements(By.TAG_NAME, "button")
    toggle.click()
    expect(browser, *traces.values())
    assert find(browser, "excluded-chip").find_element(By.TAG_NAME, "button").get_attribute("aria-pressed") == "false"

    row = browser.find_element(By.CSS_SELECTOR, f'[data-trace-id="{traces["cart"][0]}"]')
    row.send_keys("x")
    expect(browser, traces["health"], traces["checkout"], traces["declined"])
    assert len(texts(browser, "excluded-chip")) == 2
    shot(browser, "search-excluded")


def test_a_search_that_finds_nothing_says_so(collector, browser, traces):
    visit(browser, collector.url + "/#/?serviceName=cart&annotationQuery=missing&lookback=3600000&limit=10")
    assert "Nothing found" in find(browser, "empty-state").text
    assert not all_of(browser, "trace-row")
    assert find(browser, "query-input").get_attribute("value") == "service:cart (has:missing OR event:missing)"


def test_a_fixed_time_is_chosen_in_a_dialog(collector, browser, traces):
    browser.get(collector.url)
    expect(browser, *traces.values())
    choose(browser, "lookback-select", "fixed")
    dialog = find(browser, "time-dialog")
    first, last = dialog.find_elements(By.TAG_NAME, "input")
    set_time = "arguments[0].value = new Date(Date.now() - arguments[1] * 1000 - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 19)"
    browser.execute_script(set_time, first, 1100)
    browser.execute_script(set_time, last, 1200)
    dialog.find_element(By.CSS_SELECTOR, ".primary").click()
    assert "after the start" in find(browser, "error-message").text
    browser.execute_script(set_time, last, 60)
    dialog.find_element(By.CSS_SELECTOR, ".primary").click()
    expect(browser, *(made[len(made) // 2 :] for made in traces.values()))
    link = browser.current_url
    visit(browser, link)
    expect(browser, *(made[len(made) // 2 :] for made in traces.values()))


def drag(browser, element, start, end):
    """From one place to another, both as shares of the element's width and height."""
    box = element.rect
    offset = lambda place: (int((place[0] - 0.5) * box["width"]), int((place[1] - 0.5) * box["height"]))  # noqa: E731
    actions = ActionChains(browser).move_to_element_with_offset(element, *offset(start)).click_and_hold()
    actions.move_to_element_with_offset(element, *offset(end)).release().perform()


def test_dragging_over_the_plot_narrows_the_time(collector, browser, traces):
    browser.get(collector.url)
    expect(browser, *traces.values())
    plot = find(browser, "scatter")
    assert "14\N{NO-BREAK SPACE}traces, 2 with errors" in plot.get_attribute("aria-label")
    # The plot begins with the first request, 25 minutes ago; the second seven began eleven to thirteen minutes ago.
    drag(browser, plot, (0.3, 0.5), (0.99, 0.52))
    expect(browser, *(made[len(made) // 2 :] for made in traces.values()))
    assert "endTs=" in browser.current_url and find(browser, "fixed-time").text
    shot(browser, "search-narrowed")
    find(browser, "free-time").click()
    expect(browser, *traces.values())
    drag(browser, find(browser, "scatter"), (0.01, 0.0), (0.99, 0.4))
    wait(browser, lambda: "trace.duration" in find(browser, "query-input").get_attribute("value"))
    expect(browser, traces["checkout"], traces["declined"])


def test_the_plot_is_for_the_keyboard_too(collector, browser, traces):
    browser.get(collector.url)
    expect(browser, *traces.values())
    plot = find(browser, "scatter")
    plot.send_keys(Keys.ARROW_RIGHT)
    assert find(browser, "scatter-said").text.startswith("500 µs at ")
    plot.send_keys(Keys.ARROW_RIGHT)
    assert find(browser, "scatter-said").text.startswith("41 ms at ")
    plot.send_keys(Keys.SHIFT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    plot.send_keys(Keys.SHIFT)
    plot.send_keys(Keys.ENTER)
    wait(browser, lambda: browser.current_url != collector.url + "/")


def test_rows_are_for_the_keyboard(collector, browser, traces):
    browser.get(collector.url)
    expect(browser, *traces.values())
    shown = found_traces(browser)
    focused(browser).send_keys("j")
    assert focused(browser).get_attribute("data-trace-id") == shown[0]
    focused(browser).send_keys("jj")
    assert focused(browser).get_attribute("data-trace-id") == shown[2]
    focused(browser).send_keys("k")
    focused(browser).send_keys("c")
    focused(browser).send_keys("j", "c")
    link = find(browser, "compare-link").get_attribute("href")
    assert link.endswith(f"#/compare/{shown[1]}/{shown[2]}")
    focused(browser).send_keys(Keys.ENTER)
    wait(browser, lambda: f"#/trace/{shown[2]}" in browser.current_url)


def test_opening_a_trace_and_coming_back_keeps_the_list(collector, browser, traces):
    visit(browser, collector.url + "/#/?q=error")
    expect(browser, traces["declined"])
    all_of(browser, "trace-row")[1].click()
    wait(browser, lambda: "#/trace/" in browser.current_url)
    browser.back()
    expect(browser, traces["declined"])
    assert focused(browser).get_attribute("data-trace-id") == found_traces(browser)[1]


SLOW_SEARCH = """
    const asked = window.fetch;
    window.fetch = (url, options) => {
      if (!String(url).startsWith('api/search?')) return asked(url, options);
      const body = new ReadableStream({ start(stream) { window.answer = stream; } });
      return Promise.resolve(new Response(body, { headers: { 'content-type': 'application/x-ndjson' } }));
    };
    window.say = (line) => window.answer.enqueue(new TextEncoder().encode(line));
"""


def found(number):
    return ('{"trace":{"traceId":"%016x","service":"one","name":"two","timestamp":1700000000000000,"duration":5,'
            '"spanCount":1,"errorCount":0,"services":[{"name":"one","spanCount":1,"errorCount":0}]}}\n' % number)


def test_what_is_found_is_shown_before_the_search_is_over(collector, browser, traces):
    browser.get(collector.url)
    expect(browser, *traces.values())
    browser.execute_script(SLOW_SEARCH)
    say = lambda text: browser.execute_script("window.say(arguments[0])", text)  # noqa: E731
    find(browser, "refresh-button").click()
    wait(browser, lambda: browser.execute_script("return window.answer !== undefined"))
    assert len(found_traces(browser)) == 14  # what was there stays until there is something new
    say(found(1) + found(2)[:40])
    wait(browser, lambda: found_traces(browser) == [f"{1:016x}"])
    say(found(2)[40:] + '{"progress":{"searched":5000,"matched":2,"until":1700000000000000}}\n')
    wait(browser, lambda: found_traces(browser) == [f"{1:016x}", f"{2:016x}"])
    assert "5,000 spans looked at" in find(browser, "search-status").text
    say('{"end":{"matched":2,"searched":9000,"complete":false,"reason":"it took longer than 11 seconds","scatter":[]}}\n')
    wait(browser, lambda: "Not all: it took longer than 11 seconds." in find(browser, "end-line").text)

    browser.execute_script("window.answer = undefined")
    find(browser, "refresh-button").click()
    wait(browser, lambda: browser.execute_script("return window.answer !== undefined"))
    say(found(3))
    browser.execute_script("window.answer.close()")
    wait(browser, lambda: "broke off" in find(browser, "error-message").text)


def test_a_thousand_traces_are_a_list_at_once(collector, browser):
    now = time.time_ns() // 1000
    spans = [
        {"traceId": f"{number:016x}", "id": f"{number:016x}", "name": f"operation {number % 40}", "timestamp": now - number * 1000,
         "duration": 1000 + number, "localEndpoint": {"serviceName": f"service-{number % 10}"}}
        for number in range(1, 1001)
    ]
    assert requests.post(collector.spans_url, json=spans, timeout=5).status_code == 202
    visit(browser, collector.url + "/#/?limit=1000")
    wait(browser, lambda: len(found_traces(browser)) == 1000)
    took = min(browser.execute_async_script(REFRESH) for _ in range(5))
    print(f"a list of 1,000 traces took {took:.0f} ms")
    assert took < 500
    shot(browser, "search-thousand")


REFRESH = """
    const [done] = arguments;
    const started = performance.now();
    document.querySelector('[data-testid="refresh-button"]').click();
    const list = document.querySelector('.traces');
    const first = list.firstElementChild;
    new MutationObserver((_, observer) => {
      if (list.children.length !== 1000 || list.firstElementChild === first) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)));
    }).observe(list, { childList: true });
"""
