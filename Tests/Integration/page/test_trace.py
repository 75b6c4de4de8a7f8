# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The trace view in real Chromium, on spans of OpenTelemetry's SDK and of Zipkin's JSON."""

import json
import time

import pytest
import requests
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import orders
from browsing import PHONE, all_of, browser, choose, excuse, find, resize, scheme, shot, texts, values, visit, wait  # noqa: F401
from conftest import eventually

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def declined(collector):
    """A trace of 18 spans, 12 of them alike, three of them failed."""
    [trace] = orders.send(collector, {"selects": orders.SELECTS, "declined": True})
    eventually(lambda: len(collector.get(f"trace/{trace}")) == 18, what="the spans of the trace")
    return trace


def plain(value):
    """Numbers and units are kept together by spaces that do not break."""
    return json.loads(json.dumps(value, ensure_ascii=False).replace("\u00a0", " "))


def opened(browser, collector, trace, query=""):
    visit(browser, f"{collector.url}/#/trace/{trace}{query}")
    find(browser, "waterfall")
    wait(browser, lambda: rows(browser))


def rows(browser):
    """The rows as people read them: what is done, by whom, how long."""
    script = """return [...document.querySelectorAll('.span-row')].map((row) =>
        [row.querySelector('.span-title'), row.querySelector('.span-service')].map((part) => part.innerText).join(' '))"""
    return browser.execute_script(script)


def press(browser, *keys):
    ActionChains(browser).send_keys(*keys).perform()


def row_of(browser, name):
    found = browser.find_elements(By.CSS_SELECTOR, ".span-row")
    return next(row for row in found if row.find_element(By.CLASS_NAME, "span-title").text == name)


def open_span(browser, name):
    row_of(browser, name).click()
    wait(browser, lambda: find(browser, "span-name").text == name)


FOLDED = [
    "POST /order front", "reserve front", "reserve stock", "12 × SELECT item stock",
    "pay front", "pay payments", "charge card payments",
]


def test_the_waterfall_folds_calls_that_repeat(collector, browser, declined):
    opened(browser, collector, declined)
    assert rows(browser) == FOLDED
    fold = find(browser, "fold-row")
    assert "p95 8 ms" in fold.text and "96 ms" in fold.text
    assert "18" in browser.find_element(By.CLASS_NAME, "facts").text
    shot(browser, "trace")
    fold.click()
    wait(browser, lambda: rows(browser) == FOLDED[:4] + ["SELECT item stock"] * 12 + FOLDED[4:])
    find(browser, "toggle-folds").click()
    wait(browser, lambda: rows(browser) == FOLDED[:3] + ["SELECT item stock"] * 12 + FOLDED[4:])
    assert "folds=off" in browser.current_url
    find(browser, "collapse-all").click()
    wait(browser, lambda: rows(browser) == ["POST /order front", "reserve front", "pay front"])
    assert [row.get_attribute("aria-expanded") for row in all_of(browser, "span-row")] == ["true", "false", "false"]
    find(browser, "expand-all").click()
    wait(browser, lambda: len(rows(browser)) == 18)


def test_the_details_of_a_span_say_all_that_is_known(collector, browser, declined):
    opened(browser, collector, declined)
    open_span(browser, "charge card")
    pairs = {row.get_attribute("data-key"): row.text for row in all_of(browser, "tag-row")}
    assert pairs == {
        "attempt": "attempt int 3", "card.brand": "card.brand visa", "ratio": "ratio double 0.25", "retry": "retry bool true",
        "tenants": 'tenants array ["a","b"]', "payment.provider.response.description": "payment.provider.response.description declined",
    }
    assert {row.get_attribute("data-key") for row in all_of(browser, "resource-row")} >= {"service.name", "service.version"}
    exception = find(browser, "exception")
    assert "CardDeclined" in exception.text and "insufficient funds" in exception.text
    assert exception.find_element(By.TAG_NAME, "pre").text == orders.STACK
    assert all_of(browser, "span-failure") == [], "the exception says it already"
    [event] = all_of(browser, "annotation-row")
    assert "request sent" in event.text and "bytes int 512" in event.text
    [link] = all_of(browser, "span-link")
    target = link.find_element(By.TAG_NAME, "a").get_attribute("href")
    assert target.endswith(f"#/trace/{orders.LINKED.trace_id:032x}?span={orders.LINKED.span_id:016x}")
    find(browser, "raw-json").find_element(By.TAG_NAME, "summary").click()
    raw = wait(browser, lambda: find(browser, "raw-json").find_element(By.TAG_NAME, "pre").text)
    assert json.loads(raw)[0]["span"]["name"] == "charge card"
    browser.execute_script("window.scrollTo(0, 0); document.querySelector('span-detail').scrollTop = 0")
    shot(browser, "trace-span")


def test_a_link_keeps_span_zoom_and_search(collector, browser, declined):
    opened(browser, collector, declined)
    open_span(browser, "pay")
    press(browser, "z")
    wait(browser, lambda: "zoom=" in browser.current_url)
    ticks = browser.find_element(By.CSS_SELECTOR, ".axis").text
    link = browser.current_url
    visit(browser, link)
    wait(browser, lambda: find(browser, "span-name").text == "pay")
    assert browser.find_element(By.CSS_SELECTOR, ".axis").text == ticks
    assert [row.get_attribute("data-span-id") for row in browser.find_elements(By.CSS_SELECTOR, '[aria-selected="true"]')] == [link.split("span=")[1].split("&")[0]]
    find(browser, "zoom-whole").click()
    wait(browser, lambda: "zoom=" not in browser.current_url)
    assert not find(browser, "zoom-whole").is_enabled()


def test_the_picture_is_zoomed_by_dragging(collector, browser, declined):
    opened(browser, collector, declined)
    canvas = find(browser, "waterfall-canvas")
    width = canvas.size["width"]
    ActionChains(browser).move_to_element_with_offset(canvas, -width // 4, 0).click_and_hold().move_by_offset(width // 2, 0).release().perform()
    wait(browser, lambda: "zoom=" in browser.current_url)
    begin, end = (int(part) for part in browser.current_url.split("zoom=")[1].split("-"))
    total = 200_000_000
    assert abs(begin - total / 4) < total / 50 and abs(end - total * 3 / 4) < total / 50
    assert all_of(browser, "span-name") == [], "a drag is no click"
    minimap = browser.find_element(By.TAG_NAME, "trace-minimap")
    ActionChains(browser).double_click(minimap).perform()
    wait(browser, lambda: "zoom=" not in browser.current_url)


def test_finding_marks_steps_through_and_filters_with_ancestors(collector, browser, declined):
    opened(browser, collector, declined)
    field = find(browser, "find-input")
    field.send_keys("service:payments", Keys.ENTER)
    wait(browser, lambda: find(browser, "find-state").text == "2 matches")
    marked = [row.get_attribute("data-span-id") for row in browser.find_elements(By.CSS_SELECTOR, ".match")]
    assert len(marked) == 2
    find(browser, "next-match").click()
    wait(browser, lambda: find(browser, "span-name").text == "pay" and find(browser, "find-state").text == "1 of 2")
    find(browser, "next-match").click()
    wait(browser, lambda: find(browser, "span-name").text == "charge card")
    find(browser, "only-matches").click()
    wait(browser, lambda: rows(browser) == ["POST /order front", "pay front", "pay payments", "charge card payments"])
    visit(browser, browser.current_url)
    wait(browser, lambda: rows(browser) == ["POST /order front", "pay front", "pay payments", "charge card payments"])
    assert find(browser, "find-input").get_attribute("value") == "service:payments"


def test_a_mistake_in_what_is_looked_for_is_said(collector, browser, declined):
    excuse(browser, "/find")
    opened(browser, collector, declined, '?q=name%3A"open')
    assert find(browser, "query-problem").text
    assert find(browser, "find-input").get_attribute("aria-invalid") == "true"
    assert rows(browser) == FOLDED


def test_the_next_error_is_one_key_away(collector, browser, declined):
    opened(browser, collector, declined)
    seen = []
    for _ in range(4):
        before = browser.current_url
        press(browser, "e")
        wait(browser, lambda: browser.current_url != before)
        wait(browser, lambda: all_of(browser, "span-name") and browser.find_element(By.CSS_SELECTOR, "[aria-selected=true]"))
        seen.append(browser.find_element(By.CSS_SELECTOR, "[aria-selected=true] .span-title").text)
    assert seen == ["POST /order", "pay", "charge card", "POST /order"]


def test_where_failures_began_stands_above(collector, browser, declined):
    opened(browser, collector, declined)
    assert [" ".join(text.split()) for text in texts(browser, "failure")] == ["! charge card payments"]
    find(browser, "failure").click()
    wait(browser, lambda: find(browser, "span-name").text == "charge card")


def test_the_keyboard_goes_everywhere(collector, browser, declined):
    opened(browser, collector, declined)
    tree = find(browser, "waterfall")
    tree.send_keys(Keys.ARROW_DOWN)

    def active():
        script = "return document.getElementById(arguments[0].getAttribute('aria-activedescendant'))?.getAttribute('aria-label') ?? ''"
        return plain(browser.execute_script(script, tree))

    wait(browser, lambda: active() == "reserve, front, 130 ms")
    tree.send_keys(Keys.ARROW_LEFT)
    wait(browser, lambda: rows(browser) == [FOLDED[0], FOLDED[1], *FOLDED[4:]])
    tree.send_keys(Keys.ARROW_LEFT)
    wait(browser, lambda: active().startswith("POST /order, front"))
    tree.send_keys(Keys.END)
    wait(browser, lambda: active().startswith("charge card, payments"))
    tree.send_keys(Keys.ENTER)
    wait(browser, lambda: find(browser, "span-name").text == "charge card")
    press(browser, Keys.ESCAPE)
    wait(browser, lambda: not browser.find_element(By.TAG_NAME, "span-detail").is_displayed())
    press(browser, "f")
    assert browser.switch_to.active_element == find(browser, "find-input")
    press(browser, Keys.TAB)
    tree.send_keys("2")
    find(browser, "flame-block")
    press(browser, "3")
    find(browser, "group-row")
    press(browser, "1")
    wait(browser, lambda: find(browser, "waterfall").is_displayed())
    press(browser, "?")
    assert "next, previous error" in find(browser, "shortcuts").text


def test_screen_readers_get_a_tree_grid(collector, browser, declined):
    opened(browser, collector, declined)
    browser.execute_cdp_cmd("Accessibility.enable", {})
    nodes = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]

    def properties(node):
        return {one["name"]: one["value"].get("value") for one in node.get("properties", [])}

    shown = [node for node in nodes if not node.get("ignored")]
    [grid] = [node for node in shown if node["role"]["value"] == "treegrid"]
    assert grid["name"]["value"] == "Spans"
    found = [node for node in shown if node["role"]["value"] == "row"]
    assert [properties(row).get("level") for row in found[1:]] == [1, 2, 3, 4, 2, 3, 4]
    assert plain(found[4]["name"]["value"]) == "12 times SELECT item, stock, together 96 ms, p95 8 ms"
    assert [properties(row).get("expanded") for row in found[1:]] == [True, True, True, False, True, True, None]
    headings = [node["name"]["value"] for node in shown if node["role"]["value"] == "columnheader"]
    assert headings == ["Operation", "Duration", "Timeline"]
    unnamed = [node for node in shown if node["role"]["value"] in ("button", "link", "textbox", "searchbox", "checkbox", "combobox") and not node["name"]["value"]]
    assert unnamed == []


def test_flame_graph(collector, browser, declined):
    visit(browser, f"{collector.url}/#/trace/{declined}?view=flame")
    find(browser, "flame-block")
    labels = plain(values(browser, "flame-block", "aria-label"))
    assert labels[0] == "whole trace: 200 ms, 100 %"
    select = next(label for label in labels if label.startswith("SELECT item"))
    assert select == "SELECT item, stock: 96 ms, 48 %, 12 calls, self 96 ms"
    shot(browser, "trace-flame")
    next(block for block in all_of(browser, "flame-block") if block.text.startswith("SELECT")).click()
    wait(browser, lambda: [text.split(":")[0] for text in values(browser, "flame-block", "aria-label")]
         == ["whole trace", "POST /order, front", "reserve, front", "reserve, stock", "SELECT item, stock"])
    press(browser, Keys.ARROW_UP)
    wait(browser, lambda: browser.switch_to.active_element.text.startswith("reserve"))


def test_table_by_operation_service_and_tag(collector, browser, declined):
    opened(browser, collector, declined)
    find(browser, "picture-table").click()

    def groups():
        script = """return [...document.querySelectorAll('[data-testid=group-row]')].map((row) =>
            [row.querySelector('.group-name span:nth-child(2)').innerText, ...[...row.cells].slice(1, 4).map((cell) => cell.innerText)])"""
        return plain(browser.execute_script(script))

    wait(browser, lambda: groups())
    assert groups()[0] == ["SELECT item", "12", "–", "96 ms"]
    assert len(groups()) == 7
    shot(browser, "trace-table")
    choose(browser, "group-select", "service")
    wait(browser, lambda: {group[0]: group[1:3] for group in groups()} == {"stock": ["13", "–"], "front": ["3", "1"], "payments": ["2", "2"]})
    choose(browser, "group-select", "tag")
    wait(browser, lambda: find(browser, "tag-select"))
    choose(browser, "tag-select", "db.system")
    wait(browser, lambda: groups() == [["sqlite", "12", "–", "96 ms"]])
    assert "tag=db.system" in browser.current_url
    find(browser, "group-row").find_element(By.TAG_NAME, "button").click()
    wait(browser, lambda: find(browser, "find-state").text == "12 matches")


def zipkin(collector, *spans):
    assert requests.post(collector.spans_url, json=list(spans), timeout=5).status_code == 202
    trace = spans[0]["traceId"]
    eventually(lambda: collector.get(f"trace/{trace}"), what="the trace")
    return trace


def skewed(now):
    """A server whose clock is 30 ms behind, a span of a parent that never came, one that stands for 17 that were left out."""
    front, phone = ({"serviceName": name, "ipv4": address} for name, address in (("front", "10.0.0.2"), ("phone", "10.0.0.1")))
    trace = {"traceId": "5bad000000000001"}
    why = "the back end did not answer within the time that it was given, and all three tries were used up"
    return [
        {**trace, "id": "5bad000000000001", "kind": "CLIENT", "name": "get", "timestamp": now, "duration": 50_000, "localEndpoint": phone},
        {**trace, "id": "5bad000000000001", "shared": True, "kind": "SERVER", "name": "get", "timestamp": now - 30_000, "duration": 40_000,
         "localEndpoint": front, "tags": {"error": why}},
        {**trace, "id": "5bad000000000002", "parentId": "5bad000000000001", "name": "load", "timestamp": now - 20_000, "duration": 20_000,
         "localEndpoint": front},
        {**trace, "id": "5bad000000000003", "parentId": "5bad0000000000ff", "kind": "CONSUMER", "name": "late job", "timestamp": now + 20_000,
         "duration": 9_000, "localEndpoint": {"serviceName": "worker", "ipv4": "10.0.0.3"}},
    ]


def test_clocks_that_disagree_and_parents_that_are_missing_are_said(collector, browser):
    trace = zipkin(collector, *skewed(time.time_ns() // 1000))
    opened(browser, collector, trace)
    assert rows(browser) == ["get phone", "get front", "load front", "late job worker"]
    problems = plain(texts(browser, "trace-problem"))
    assert [text for text in problems if "parent" in text] == ["1 span names a parent that is missing."]
    assert [text for text in problems if "Clocks disagree" in text] == ["Clocks disagree: 1 span begins before the call that caused it. Adjust the clocks"]
    assert "parent missing" in row_of(browser, "late job").text
    assert "clock adjusted" not in browser.find_element(By.TAG_NAME, "main").text
    shot(browser, "trace-skew")
    find(browser, "clocks").click()
    wait(browser, lambda: row_of(browser, "load").text.count("clock adjusted") == 1)
    assert ["clock adjusted" in row.text for row in all_of(browser, "span-row")] == [False, True, True, False]
    assert "clocks=adjusted" in browser.current_url
    shot(browser, "trace-skew-adjusted")
    row_of(browser, "load").click()
    wait(browser, lambda: "+15 ms" in find(browser, "span-detail").text)
    find(browser, "clocks").click()
    wait(browser, lambda: "Clocks disagree" in " ".join(texts(browser, "trace-problem")))


def test_an_error_of_zipkin_is_said_once(collector, browser):
    spans = skewed(time.time_ns() // 1000)
    trace = zipkin(collector, *spans)
    opened(browser, collector, trace, "?span=5bad000000000001&side=2")
    why = spans[1]["tags"]["error"]
    wait(browser, lambda: why in find(browser, "span-detail").text)
    assert find(browser, "span-detail").text.count(why) == 1
    assert "server" in find(browser, "span-detail").text


def test_spans_that_were_left_out_are_said(collector, browser):
    now = time.time_ns() // 1000
    one = {"traceId": "00000000000000ab", "timestamp": now, "duration": 1000, "localEndpoint": {"serviceName": "one"}}
    body = {"resourceSpans": [{"scopeSpans": [{"spans": [{
        "traceId": "000000000000000000000000000000ab", "spanId": "00000000000000ac", "name": "kept", "startTimeUnixNano": str(now * 1000),
        "endTimeUnixNano": str(now * 1000 + 1000), "attributes": [{"key": "wingbeat.dropped_spans", "value": {"intValue": "17"}}]}]}]}]}
    zipkin(collector, {**one, "id": "00000000000000ab", "name": "root"})
    assert requests.post(f"{collector.url}/v1/traces", json=body, timeout=5).status_code == 200
    eventually(lambda: len(collector.get("trace/00000000000000ab")) == 2, what="both spans")
    opened(browser, collector, "00000000000000ab")
    assert any("17" in text for text in texts(browser, "trace-problem"))
    assert "spans left out here" in row_of(browser, "kept").text


def test_names_and_values_of_an_attacker_stay_text(collector, browser):
    now = time.time_ns() // 1000
    zipkin(collector, {
        "traceId": "00000000000000aa", "id": "00000000000000aa", "name": HOSTILE, "timestamp": now, "duration": 2000,
        "localEndpoint": {"serviceName": HOSTILE}, "tags": {HOSTILE: HOSTILE, "__proto__": "x", "exception.type": HOSTILE},
        "annotations": [{"timestamp": now, "value": HOSTILE}],
    })
    opened(browser, collector, "00000000000000aa")
    assert HOSTILE in rows(browser)[0]
    find(browser, "span-row").click()
    wait(browser, lambda: find(browser, "span-name").text == HOSTILE)
    assert set(values(browser, "tag-row", "data-key")) == {HOSTILE, "__proto__", "exception.type"}
    assert HOSTILE in find(browser, "annotation-row").text
    for view in ("flame", "table"):
        find(browser, f"picture-{view}").click()
        wait(browser, lambda: HOSTILE in browser.find_element(By.TAG_NAME, f"trace-{view}").text)
    choose(browser, "group-select", "tag")
    wait(browser, lambda: HOSTILE in find(browser, "tag-select").text)
    assert browser.find_elements(By.CSS_SELECTOR, "img") == []
    assert browser.execute_script("return ({}).x") is None


def test_very_long_names_stay_within_a_phone(collector, browser):
    now = time.time_ns() // 1000
    zipkin(collector, {
        "traceId": "00000000000000ad", "id": "00000000000000ad", "name": "n" * 5000, "timestamp": now, "duration": 900,
        "localEndpoint": {"serviceName": "s" * 300}, "tags": {"error": "e" * 3000, "k" * 400: "v" * 4000},
    })
    resize(browser, PHONE)
    opened(browser, collector, "00000000000000ad", "?span=00000000000000ad")
    wait(browser, lambda: find(browser, "span-name").text)
    for view in ("", "flame", "table"):
        visit(browser, f"{collector.url}/#/trace/00000000000000ad?span=00000000000000ad&view={view}")
        wait(browser, lambda: find(browser, "span-name").text)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= PHONE[0], view
        assert find(browser, "span-detail").rect["width"] == PHONE[0]
        assert browser.execute_script("const { scrollWidth, clientWidth } = document.querySelector('span-detail'); return scrollWidth <= clientWidth")
    visit(browser, f"{collector.url}/#/compare/00000000000000ad/00000000000000ad")
    find(browser, "verdict")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= PHONE[0]


def test_a_trace_that_is_not_there(collector, browser):
    excuse(browser, "404")
    visit(browser, f"{collector.url}/#/trace/00000000000000ff")
    assert "No spans of trace 00000000000000ff are stored" in find(browser, "error-message").text
    visit(browser, f"{collector.url}/#/trace/nonsense")
    wait(browser, lambda: "is not a trace id" in find(browser, "error-message").text)


def test_the_trace_is_downloaded_in_three_formats(collector, browser, declined):
    opened(browser, collector, declined)
    find(browser, "downloads").find_element(By.TAG_NAME, "summary").click()
    counts = {}
    for name in ("zipkin", "otlp", "jaeger"):
        link = find(browser, f"download-{name}")
        assert link.get_attribute("download") == f"trace-{declined}.{name}.json"
        counts[name] = requests.get(link.get_attribute("href"), timeout=5).json()
    assert len(counts["zipkin"]) == 18
    assert len(counts["jaeger"]["data"][0]["spans"]) == 18
    assert "resourceSpans" in json.dumps(counts["otlp"])


@pytest.mark.parametrize("name", ["light", "dark"])
def test_it_fits_a_phone_in_both_schemes(collector, browser, declined, name):
    scheme(browser, name)
    resize(browser, PHONE)
    opened(browser, collector, declined)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= PHONE[0]
    ticks = browser.execute_script("return [...document.querySelectorAll('.tick')].map((tick) => tick.getBoundingClientRect()).map(({left, right}) => [left, right])")
    assert len(ticks) >= 2
    assert all(right <= left for (_, right), (left, _) in zip(ticks, ticks[1:])), "labels of the axis overlap"
    shot(browser, f"trace-phone-{name}")
    open_span(browser, "charge card")
    wait(browser, lambda: row_of(browser, "charge card").rect["y"] > 0)
    sheet = find(browser, "span-detail").rect
    selected = browser.execute_script("return document.querySelector('[aria-selected=true]').getBoundingClientRect().bottom")
    assert selected <= browser.execute_script("return arguments[0].getBoundingClientRect().top", find(browser, "span-detail"))
    assert sheet["width"] == PHONE[0]
    shot(browser, f"trace-span-phone-{name}")
    resize(browser, (1280, 900))
    wait(browser, lambda: browser.execute_script("return innerWidth") == 1280)
    shot(browser, f"trace-span-{name}")


def test_a_click_right_after_a_zoom_keeps_it(collector, browser, declined):
    opened(browser, collector, declined)
    press(browser, "+")
    browser.execute_script("document.querySelectorAll('.span-row')[1].click()")
    wait(browser, lambda: "span=" in browser.current_url and "zoom=50000000-150000000" in browser.current_url)
    assert find(browser, "zoom-whole").is_enabled()
    press(browser, "d")
    wait(browser, lambda: "zoom=75000000-175000000" in browser.current_url)
    press(browser, "0")
    wait(browser, lambda: "zoom=" not in browser.current_url)


def test_a_letter_after_g_goes_to_another_view(collector, browser, declined):
    opened(browser, collector, declined)
    press(browser, "g", "s")
    wait(browser, lambda: browser.current_url.endswith("#/services"))
    browser.back()
    wait(browser, lambda: rows(browser) == FOLDED)


def test_the_wheel_zooms_where_the_pointer_is_and_the_minimap_moves_what_is_shown(collector, browser, declined):
    opened(browser, collector, declined)
    canvas = find(browser, "waterfall-canvas")
    box = browser.execute_script("const {left, top, width, height} = arguments[0].getBoundingClientRect(); return [left, top, width, height]", canvas)
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    wheel = {"type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": -60, "modifiers": 2}
    browser.execute_cdp_cmd("Input.dispatchMouseEvent", wheel)
    wait(browser, lambda: "zoom=" in browser.current_url)
    begin, end = (int(part) for part in browser.current_url.split("zoom=")[1].split("-"))
    assert 30_000_000 < begin < 60_000_000 and abs(begin + end - 200_000_000) < 4_000_000
    minimap = browser.find_element(By.TAG_NAME, "trace-minimap")
    ActionChains(browser).move_to_element(minimap).click_and_hold().move_by_offset(minimap.size["width"] // 10, 0).release().perform()
    wait(browser, lambda: abs(int(browser.current_url.split("zoom=")[1].split("-")[0]) - begin - 20_000_000) < 1_000_000)
    later = [int(part) for part in browser.current_url.split("zoom=")[1].split("-")]
    assert abs((later[1] - later[0]) - (end - begin)) <= 2, "it is moved, not stretched"
