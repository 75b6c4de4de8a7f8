# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""A real Chromium for the tests of the page, and how they look at what it shows."""

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service as Driver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from conftest import ROOT, require

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars",
    # A mouse, which headless Chromium has not: it can hover.
    "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
]
DESKTOP, PHONE = (1280, 900), (390, 844)


def open_browser():
    options = webdriver.ChromeOptions()
    options.binary_location = require("chromium")
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(service=Driver(require("chromedriver")), options=options)
    resize(browser, DESKTOP)
    browser.excused = ()
    return browser


@pytest.fixture
def browser():
    browser = open_browser()
    yield browser
    complaints = [entry["message"] for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    browser.quit()
    complaints = [text for text in complaints if not any(excuse in text for excuse in browser.excused)]
    assert not complaints, complaints


def excuse(browser, *texts):
    """Complaints of Chromium that the test causes on purpose, such as a refused request."""
    browser.excused += texts


def resize(browser, size):
    width, height = size
    phone = width < 500
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": phone})


def scheme(browser, name):
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": name}]}
    )


def selector(test_id):
    return f'[data-testid="{test_id}"]'


def all_of(browser, test_id):
    return browser.find_elements(By.CSS_SELECTOR, selector(test_id))


def find(browser, test_id):
    """The first that is to be seen."""
    return wait(browser, lambda: next((element for element in all_of(browser, test_id) if element.is_displayed()), None))


def wait(browser, check, seconds=10):
    """Waits until check() is true; elements that the page replaced meanwhile are looked for again."""
    from selenium.common.exceptions import StaleElementReferenceException

    waiting = WebDriverWait(browser, seconds, poll_frequency=0.05, ignored_exceptions=[StaleElementReferenceException])
    return waiting.until(lambda _: check())


def texts(browser, test_id):
    """What all of them say, as one look at the page; sooner than asking each."""
    script = "return [...document.querySelectorAll(arguments[0])].map((element) => element.innerText)"
    return browser.execute_script(script, selector(test_id))


def values(browser, test_id, attribute):
    script = "return [...document.querySelectorAll(arguments[0])].map((element) => element.getAttribute(arguments[1]))"
    return browser.execute_script(script, selector(test_id), attribute)


def found_traces(browser):
    """The ids of the traces in the list, from top to bottom."""
    return values(browser, "trace-row", "data-trace-id")


def choose(browser, test_id, value):
    from selenium.webdriver.support.ui import Select

    Select(find(browser, test_id)).select_by_value(value)


def visit(browser, address):
    """Opens the address afresh, although only what follows # may differ."""
    browser.get("about:blank")
    browser.get(address)


def focused(browser):
    return browser.switch_to.active_element


def shot(browser, name):
    folder = ROOT / ".build" / "ui-shots"
    folder.mkdir(parents=True, exist_ok=True)
    browser.save_screenshot(str(folder / f"{name}.png"))
