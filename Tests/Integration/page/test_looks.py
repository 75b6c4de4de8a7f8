# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Every view in the light, in the dark and on a phone: pictures to look at, and what can be measured of them."""

import pathlib

import pytest
import requests
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import shop
from browsing import DESKTOP, PHONE, all_of, browser, find, found_traces, open_browser, resize, scheme, shot, visit, wait  # noqa: F401
from conftest import Collector, eventually

MODES = {"light": ("light", DESKTOP), "dark": ("dark", DESKTOP), "phone": ("light", PHONE), "phone-dark": ("dark", PHONE)}
BUSY = "SELECT strftime('%Y-%m-%d %H:%M', start / 1000000000, 'unixepoch') AS minute, count(*) AS spans FROM spans GROUP BY minute"


@pytest.fixture(scope="module")
def collector(tmp_path_factory):
    folder = tmp_path_factory.mktemp("looks")
    collector = Collector(folder / "data", log=folder / "collector.log")
    yield collector
    collector.stop()


@pytest.fixture(scope="module")
def traces(collector):
    with shop.opened(collector) as made:
        count = sum(map(len, made.values()))
        eventually(lambda: len(collector.get("traces", limit=100, lookback=3_600_000)) == count, what="the shop's traces")
        yield made


def open_search(browser, collector, traces):
    visit(browser, collector.url)
    wait(browser, lambda: len(found_traces(browser)) == 14)


def open_form(browser, collector, traces):
    visit(browser, collector.url + "/#/?q=service:cart error")
    wait(browser, lambda: len(found_traces(browser)) == 0 and all_of(browser, "end-line"))
    find(browser, "exclude-input").send_keys("nothing-like-it", Keys.ENTER)
    find(browser, "form-button").click()
    wait(browser, lambda: find(browser, "service-select").get_attribute("value") == "cart")


def open_live(browser, collector, traces):
    visit(browser, collector.url + "/#/live")
    wait(browser, lambda: find(browser, "live-status").text.startswith("Live"))


def open_services(browser, collector, traces):
    visit(browser, collector.url + "/#/services")
    wait(browser, lambda: len(all_of(browser, "operation-row")) == 11)


def open_dependencies(browser, collector, traces):
    visit(browser, collector.url + "/#/dependencies?lookback=1h")
    wait(browser, lambda: len(all_of(browser, "dependency-row")) == 5)


def open_sql(browser, collector, traces):
    visit(browser, collector.url + "/#/sql?q=" + requests.utils.quote(BUSY))
    wait(browser, lambda: all_of(browser, "chart"))


def open_trace(browser, collector, traces):
    visit(browser, collector.url + "/#/trace/" + traces["declined"][1])
    wait(browser, lambda: "checkout" in browser.find_element(By.TAG_NAME, "main").text.lower())


def open_status(browser, collector, traces):
    open_search(browser, collector, traces)
    find(browser, "status-corner").click()
    wait(browser, lambda: "Stored" in find(browser, "status-sheet").text)


def open_keys(browser, collector, traces):
    open_search(browser, collector, traces)
    find(browser, "shortcuts-button").click()
    find(browser, "shortcuts")


VIEWS = {name.removeprefix("open_"): opener for name, opener in list(globals().items()) if name.startswith("open_") and name != "open_browser"}


@pytest.fixture(params=MODES)
def mode(request, browser):
    name, size = MODES[request.param]
    scheme(browser, name)
    resize(browser, size)
    return request.param


def measure(browser, function):
    source = pathlib.Path(__file__).with_name("looking.js").read_text().replace("export ", "")
    return browser.execute_script(source + f"\nreturn {function}();")


def test_every_text_can_be_read_and_nothing_sticks_out(collector, browser, traces, mode):
    for name, opener in VIEWS.items():
        opener(browser, collector, traces)
        shot(browser, f"{name}-{mode}")
        found = measure(browser, "faint")
        assert found["looked"] > 10 and found["faint"] == [], name
        assert measure(browser, "faintEdges") == [], name
        width = MODES[mode][1][0]
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, name


def accessibility(browser):
    nodes = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    value = lambda node, key: node.get(key, {}).get("value", "")  # noqa: E731
    return [(value(node, "role"), value(node, "name")) for node in nodes if not node.get("ignored")]


NAMED = {"button", "link", "combobox", "textbox", "searchbox", "checkbox", "listbox", "option", "navigation", "dialog", "img", "image", "application",
         "treegrid", "tree", "tab", "switch", "spinbutton", "slider", "menuitem"}


def test_roles_and_names_tell_the_same_story(collector, browser, traces):
    for name, opener in VIEWS.items():
        opener(browser, collector, traces)
        tree = accessibility(browser)
        roles = [role for role, _ in tree]
        assert [role for role, label in tree if role in NAMED and not label.strip()] == [], name
        if name == "keys":  # all else is behind the dialog
            assert ("dialog", "Keys") in tree
            continue
        assert roles.count("banner") == 1 and roles.count("main") == 1 and ("navigation", "Views") in tree, name
        headings = browser.find_elements(By.TAG_NAME, "h1")
        assert len(headings) == 1 and headings[0].get_attribute("textContent").strip(), name

    open_search(browser, collector, traces)
    tree = accessibility(browser)
    assert ("combobox", "Query") in tree and ("search", "") in [(role, "") for role, _ in tree]
    assert sum(role == "listitem" for role, _ in tree) == 14
    assert any(role == "link" and "POST /checkout" in label.replace("post", "POST") and "2 errors" in label.replace("\N{NO-BREAK SPACE}", " ") for role, label in tree)

    open_services(browser, collector, traces)
    tree = accessibility(browser)
    assert [label for role, label in tree if role == "columnheader"] == ["Service and operation", "Over time", "Rate", "Errors", "p50", "p95", "p99"]
    assert any(role == "rowheader" and label.lower() == "get /health" for role, label in tree)


def test_nothing_moves_for_those_who_do_not_want_it(collector, browser, traces):
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]})
    open_search(browser, collector, traces)
    browser.execute_script("document.documentElement.toggleAttribute('data-busy', true)")
    assert browser.execute_script("return document.getAnimations().length") == 0
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-reduced-motion", "value": "no-preference"}]})
    assert browser.execute_script("return document.getAnimations().length") > 0


def test_fingers_can_hit_what_can_be_pressed(collector, browser, traces):
    resize(browser, PHONE)
    for name, opener in VIEWS.items():
        if name == "trace":
            continue
        opener(browser, collector, traces)
        small = browser.execute_script("""
            return [...document.querySelectorAll('button, input, select, nav a, .trace-row')]
              .filter((one) => one.checkVisibility() && !one.matches('.visually-hidden, .skip, [type=checkbox]'))
              .map((one) => [one.innerText || one.ariaLabel, one.getBoundingClientRect()])
              .filter(([, box]) => box.height < 23.5 || box.width < 23.5).map(([name, box]) => [name, box.width, box.height])""")
        assert small == [], name
