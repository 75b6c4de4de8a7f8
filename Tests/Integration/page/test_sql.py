# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""SQL on the page: statements, rows, charts, mistakes."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import shop
from browsing import all_of, browser, excuse, find, shot, texts, visit, wait  # noqa: F401
from conftest import eventually


@pytest.fixture
def traces(collector):
    with shop.opened(collector) as made:
        count = sum(map(len, made.values()))
        eventually(lambda: len(collector.get("traces", limit=100, lookback=3_600_000)) == count, what="the shop's traces")
        yield made


def run(browser, statement):
    editor = find(browser, "sql-editor")
    editor.clear()
    editor.send_keys(statement, Keys.CONTROL, Keys.ENTER)


def rows(browser):
    return [row.split("\t") for row in texts(browser, "sql-row")]


def test_rows_and_bars(collector, browser, traces):
    visit(browser, collector.url + "/#/sql")
    run(browser, "SELECT service, count(*) AS spans FROM spans GROUP BY service ORDER BY 2 DESC, 1")
    expected = [["cart", "20"], ["gateway", "22"], ["checkout", "12"], ["payment", "4"]]
    wait(browser, lambda: sorted(rows(browser)) == sorted(expected))
    assert "4 rows" in find(browser, "sql-status").text.replace("\N{NO-BREAK SPACE}", " ")
    chart = find(browser, "chart")
    labels = [line.text for line in chart.find_elements(By.CSS_SELECTOR, ".chart-label")]
    assert labels == ["gateway", "cart", "checkout", "payment"]
    widths = [bar.rect["width"] for bar in chart.find_elements(By.CSS_SELECTOR, ".chart-bar")]
    assert widths == sorted(widths, reverse=True) and abs(widths[3] / widths[0] - 4 / 22) < 0.02
    shot(browser, "sql")

    link = browser.current_url
    visit(browser, link)
    wait(browser, lambda: sorted(rows(browser)) == sorted(expected))


def test_a_time_makes_a_line(collector, browser, traces):
    visit(browser, collector.url + "/#/sql")
    run(browser, "SELECT start / 60000000000 * 60 AS minute, count(*) AS spans FROM spans GROUP BY minute")
    line = wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "figure.line-chart svg[role=img]"))[0]
    assert line.get_attribute("aria-label").startswith("spans over time, at most ")
    shot(browser, "sql-line")


def test_examples_run_and_ids_are_links(collector, browser, traces):
    visit(browser, collector.url + "/#/sql")
    for number, example in enumerate(texts(browser, "sql-example")):
        all_of(browser, "sql-example")[number].click()
        wait(browser, lambda: "row" in find(browser, "sql-status").text), example
        assert not all_of(browser, "error-message"), (example, texts(browser, "error-message"))
        assert rows(browser), example
    all_of(browser, "sql-example")[0].click()
    wait(browser, lambda: len(rows(browser)) == 2)
    found = [link.get_attribute("href").rsplit("/", 1)[1] for link in browser.find_elements(By.CSS_SELECTOR, ".sql-rows a")]
    assert found == [traces["declined"][1], traces["declined"][0]]


def test_mistakes_are_said_and_marked(collector, browser, traces):
    excuse(browser, "status of 400")
    visit(browser, collector.url + "/#/sql")
    run(browser, "SELECT 1 FRM spans WHERE x")
    assert "syntax error" in find(browser, "error-message").text
    chosen = browser.execute_script("const e = document.activeElement; return e.value.slice(e.selectionStart, e.selectionEnd)")
    assert chosen in ("FRM", "spans")
    run(browser, "DELETE FROM spans")
    wait(browser, lambda: "syntax" not in find(browser, "error-message").text)
    assert find(browser, "sql-status").text == "It failed"
