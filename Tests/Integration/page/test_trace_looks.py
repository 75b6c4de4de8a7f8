# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The trace view and the comparison in both schemes and on a phone: contrast, width, sizes for fingers, weight."""

import pytest
from selenium.webdriver.common.by import By

import orders
from browsing import DESKTOP, PHONE, browser, find, resize, scheme, shot, visit, wait  # noqa: F401
from conftest import Collector, eventually
from test_looks import measure

MODES = {"light": ("light", DESKTOP), "dark": ("dark", DESKTOP), "phone": ("light", PHONE), "phone-dark": ("dark", PHONE)}


@pytest.fixture(scope="module")
def collector(tmp_path_factory):
    folder = tmp_path_factory.mktemp("looks")
    collector = Collector(folder / "data", log=folder / "collector.log")
    yield collector
    collector.stop()


@pytest.fixture(scope="module")
def addresses(collector):
    """Addresses of what is to be looked at, and what is there when it is drawn."""
    ids = orders.send(collector, {"selects": 12, "declined": True}, {"selects": 3})
    eventually(lambda: [len(collector.get(f"trace/{one}")) for one in ids] == [18, 8], what="the spans")
    failed = next(span["id"] for span in collector.get(f"trace/{ids[0]}") if span["name"] == "charge card")
    trace = f"{collector.url}/#/trace/{ids[0]}"
    return {
        "trace-waterfall": (trace, ".span-row"), "trace-detail": (f"{trace}?span={failed}", "[data-testid=span-name]"),
        "trace-found": (f"{trace}?q=service:payments&only=1", ".match"), "trace-mistake": (f"{trace}?q=duration%3Efast", "[data-testid=query-problem]:not([hidden])"),
        "trace-flame": (f"{trace}?view=flame", "[data-testid=flame-block]"), "trace-table": (f"{trace}?view=table", "[data-testid=group-row]"),
        "compare": (f"{collector.url}/#/compare/{ids[0]}/{ids[1]}", "[data-testid=difference-row]"),
    }


def look_at(browser, address, part):
    visit(browser, address)
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, part))


@pytest.mark.parametrize("mode", MODES)
def test_every_text_can_be_read_and_nothing_sticks_out(collector, browser, addresses, mode):
    name, size = MODES[mode]
    browser.excused = ("/find",)
    scheme(browser, name)
    resize(browser, size)
    for view, (address, part) in addresses.items():
        look_at(browser, address, part)
        shot(browser, f"{view}-{mode}")
        found = measure(browser, "faint")
        assert found["looked"] > 10 and found["faint"] == [], view
        assert browser.execute_script("return document.documentElement.scrollWidth") <= size[0], view


def test_fingers_can_hit_what_can_be_pressed(collector, browser, addresses):
    resize(browser, PHONE)
    browser.excused = ("/find",)
    for view, (address, part) in addresses.items():
        look_at(browser, address, part)
        small = browser.execute_script("""
            return [...document.querySelectorAll('button, input, select, summary, nav a')]
              .filter((one) => one.checkVisibility() && !one.matches('.visually-hidden, .skip, [type=checkbox], .block'))
              .map((one) => [one.innerText || one.ariaLabel, one.getBoundingClientRect()])
              .filter(([, box]) => box.height < 23.5 || box.width < 23.5).map(([name, box]) => [name, box.width, box.height])""")
        assert small == [], view


def test_the_view_weighs_less_than_200_kb(collector, browser, addresses):
    for view in ("trace-detail", "compare"):
        look_at(browser, *addresses[view])
        sizes = browser.execute_script("return performance.getEntriesByType('resource').map((one) => [one.name, one.decodedBodySize])")
        assert all(name.startswith(collector.url) for name, _ in sizes), "another host was asked"
        weight = sum(size for name, size in sizes if "/ui/" in name)
        print(f"{view}: {weight} bytes in {len(sizes)} files")
        assert 50_000 < weight < 200_000


def test_names_are_told_in_every_picture(collector, browser, addresses):
    nameable = {"button", "link", "combobox", "textbox", "searchbox", "checkbox", "treegrid", "table", "region", "group", "navigation"}
    for view, (address, part) in addresses.items():
        if view == "trace-mistake":
            continue
        look_at(browser, address, part)
        nodes = [node for node in browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"] if not node.get("ignored")]
        nameless = [node["role"]["value"] for node in nodes if node["role"]["value"] in nameable - {"table", "group"} and not node["name"]["value"]]
        assert nameless == [], view
        assert len(browser.find_elements(By.TAG_NAME, "h1")) == 1, view


def test_reduced_motion_is_kept(collector, browser, addresses):
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]})
    look_at(browser, *addresses["trace-detail"])
    find(browser, "zoom-in").click()
    assert browser.execute_script("return document.getAnimations().length") == 0
