# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The page as a whole: status, uploads, keys, what strangers wrote, its weight, its place behind a proxy."""

import gzip
import json
import time
from urllib.parse import urlsplit

import pytest
import requests
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browsing import all_of, browser, excuse, find, focused, found_traces, shot, texts, values, visit, wait  # noqa: F401
from conftest import Collector, Service, free_port, require

HOSTILE = "<img src=x onerror=alert(1)>\"'&\u202e"


def spans_of(*ids, **more):
    now = time.time_ns() // 1000
    return [{"traceId": trace, "id": trace[-16:], "name": "uploaded", "timestamp": now, "duration": 1500,
             "localEndpoint": {"serviceName": "files"}, **more} for trace in ids]


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_status_corner_says_what_is_stored_and_what_was_lost(collector, browser):
    assert requests.post(collector.spans_url, json=spans_of("00000000000000aa", "00000000000000bb"), timeout=5).status_code == 202
    nameless = {"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "", "spanId": "", "name": "x"}]}]}]}
    assert requests.post(collector.url + "/v1/traces", json=nameless, timeout=5).json()["partialSuccess"]
    browser.get(collector.url)
    corner = find(browser, "status-corner")
    wait(browser, lambda: plain(corner.text).startswith("2 spans"))
    assert "of 2 GB" in plain(corner.text) and "1 dropped" in plain(corner.text)
    corner.click()
    sheet = plain(find(browser, "status-sheet").text)
    assert "2 spans" in sheet and "1 could not be understood" in sheet and "Oldest span" in sheet
    shot(browser, "status")
    focused(browser).send_keys(Keys.ESCAPE)
    wait(browser, lambda: not all_of(browser, "status-sheet")[0].is_displayed())


def test_a_file_is_uploaded_by_button(collector, browser, tmp_path):
    browser.get(collector.url)
    one = tmp_path / "one.json.gz"
    one.write_bytes(gzip.compress(json.dumps(spans_of("00000000000000aa")).encode()))
    many = tmp_path / "many.json"
    many.write_text(json.dumps(spans_of("00000000000000bb", "00000000000000cc")))
    wait(browser, lambda: all_of(browser, "upload-input"))[0].send_keys(str(many))
    wait(browser, lambda: "2 spans of many.json taken." in plain(find(browser, "upload-said").text))
    links = [link.get_attribute("href") for link in find(browser, "upload-said").find_elements(By.TAG_NAME, "a")]
    assert {link.split("#")[1] for link in links} == {"/trace/00000000000000bb", "/trace/00000000000000cc"}
    shot(browser, "upload")
    all_of(browser, "upload-input")[0].send_keys(str(one))
    wait(browser, lambda: browser.current_url.endswith("#/trace/00000000000000aa"))

    excuse(browser, "status of 400")
    wrong = tmp_path / "wrong.json"
    wrong.write_text("no spans")
    all_of(browser, "upload-input")[0].send_keys(str(wrong))
    wait(browser, lambda: "wrong.json:" in find(browser, "upload-said").text)


def test_a_file_is_uploaded_by_dropping_it(collector, browser):
    browser.get(collector.url)
    wait(browser, lambda: all_of(browser, "empty-state"))
    browser.execute_script("""
        const data = new DataTransfer();
        data.items.add(new File([arguments[0]], 'dropped.json'));
        for (const type of ['dragover', 'drop']) {
          document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
        }""", json.dumps(spans_of("00000000000000dd")))
    wait(browser, lambda: browser.current_url.endswith("#/trace/00000000000000dd"))


def test_keys_lead_everywhere(collector, browser):
    browser.get(collector.url)
    wait(browser, lambda: all_of(browser, "empty-state"))
    body = browser.find_element(By.TAG_NAME, "body")
    body.send_keys("?")
    sheet = find(browser, "shortcuts")
    assert sheet.tag_name == "dialog" and {"Everywhere", "Query", "List of traces"} <= set(sheet.text.split("\n"))
    shot(browser, "shortcuts")
    focused(browser).send_keys(Keys.ESCAPE)
    wait(browser, lambda: not all_of(browser, "shortcuts"))
    for keys, view in {"gs": "services-view", "gd": "dependencies-view", "gq": "sql-view", "gl": "live-view", "gt": "search-view"}.items():
        browser.find_element(By.TAG_NAME, "body").send_keys(keys)
        wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, f"main > {view}"))
        assert browser.find_element(By.CSS_SELECTOR, "nav [aria-current=page]").get_attribute("data-view") + "-view" == view
    browser.find_element(By.TAG_NAME, "body").send_keys("/")
    assert focused(browser).get_attribute("data-testid") == "query-input"


def test_the_tab_key_goes_through_the_page_in_order(collector, browser):
    requests.post(collector.spans_url, json=spans_of("00000000000000aa"), timeout=5)
    browser.get(collector.url)
    wait(browser, lambda: found_traces(browser))
    stops = []
    for _ in range(22):
        focused(browser).send_keys(Keys.TAB)
        stops.append(browser.execute_script("const e = document.activeElement; return e.dataset.testid || e.dataset.view || e.className || e.name"))
        if stops[-1] == "trace-row":
            break
    assert stops == ["skip", "brand", "search", "live", "services", "dependencies", "sql", "status-corner", "upload-button", "shortcuts-button",
                     "query-input", "lookback-select", "form-button", "search-button", "exclude-input",
                     "order-select", "limit-select", "refresh-button", "trace-row"]


VIEWS = ["/#/", "/#/live", "/#/services", "/#/dependencies", "/#/sql?q=SELECT name, service, attributes FROM spans"]


@pytest.fixture
def hostile(collector):
    now = time.time_ns() // 1000
    for text in (HOSTILE, "x" * 5000, "</script><script>alert(1)</script>", "__proto__"):
        parent = {"traceId": f"{abs(hash(text)) % 2**63:016x}", "id": "00000000000000aa", "name": text, "timestamp": now, "duration": 2000,
                  "kind": "CLIENT", "localEndpoint": {"serviceName": text}, "remoteEndpoint": {"serviceName": text + "!"},
                  "tags": {text: text, "error": text, "__proto__": text}, "annotations": [{"timestamp": now, "value": text}]}
        assert requests.post(collector.spans_url, json=[parent], timeout=5).status_code == 202


def test_what_strangers_wrote_stays_text_in_every_view(collector, browser, hostile):
    browser.get(collector.url)
    browser.execute_script("window.alert = () => { window.attacked = true; }")
    for view in VIEWS:
        browser.execute_script("location.hash = arguments[0]", view.split("#")[1])
        wait(browser, lambda: "<img src=x" in browser.find_element(By.TAG_NAME, "main").text.lower() or "live" in view)
        if "live" in view:
            requests.post(collector.spans_url, json=spans_of("00000000000000ee", name=HOSTILE, localEndpoint={"serviceName": HOSTILE}), timeout=5)
            wait(browser, lambda: "<img src=x" in browser.find_element(By.TAG_NAME, "main").text)
        assert browser.find_elements(By.CSS_SELECTOR, "main img, main script") == []
    assert browser.execute_script("return window.attacked === undefined")
    assert browser.execute_script("return ({}).error === undefined && ({}).polluted === undefined")


def test_hostile_names_can_be_asked_for(collector, browser, hostile):
    visit(browser, collector.url + "/#/services")
    row = wait(browser, lambda: next((row for row in all_of(browser, "operation-row") if "<img" in row.text), None))
    row.find_element(By.TAG_NAME, "a").click()
    wait(browser, lambda: len(found_traces(browser)) == 1)


def asked_for(browser, collector):
    """What the page asked for since the last look: sizes of its own files by their paths. No other host is among them."""
    sizes = {}
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] != "Network.requestWillBeSent":
            continue
        url = urlsplit(message["params"]["request"]["url"])
        if url.scheme in ("http", "https"):
            assert url.netloc == urlsplit(collector.url).netloc, url
            if url.path == "/" or url.path.startswith("/ui/"):
                sizes[url.path] = len(requests.get(collector.url + url.path, timeout=5).content)
    return sizes


def test_the_page_is_light_strict_and_asks_no_other_host(collector, browser):
    requests.post(collector.spans_url, json=spans_of("00000000000000aa"), timeout=5)
    policy = requests.get(collector.url + "/", timeout=5).headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    for view in ["/#/", *VIEWS[1:], "/#/trace/00000000000000aa"]:
        visit(browser, collector.url + view)
        wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "main > * > *"))
        sizes = asked_for(browser, collector)
        assert {"/", "/ui/app.js", "/ui/style.css"} <= set(sizes)
        print(f"{view}: {sum(sizes.values()):,} bytes in {len(sizes)} files")
        assert sum(sizes.values()) < 200_000, sizes


PROXY = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location = /ready {{ return 200; }}
    location /traces/ {{ proxy_pass {collector}; proxy_buffering off; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
}}
"""


@pytest.fixture(params=["cut off", "passed on"])
def proxy(request, tmp_path):
    """A collector behind nginx, which cuts the prefix off, or passes it on to one that knows it."""
    cut = request.param == "cut off"
    collector = Collector(tmp_path / "data", *([] if cut else ["--base-path", "/traces"]), log=tmp_path / "collector.log")
    port = free_port()
    settings = tmp_path / "nginx.conf"
    settings.write_text(PROXY.format(folder=tmp_path, port=port, collector=collector.url + ("/" if cut else "")))
    nginx = Service([require("nginx"), "-c", str(settings), "-p", str(tmp_path)], port, "/ready", log=tmp_path / "nginx.log")
    yield nginx.url + "/traces/"
    nginx.stop()
    collector.stop()


def test_everything_works_behind_nginx_and_a_prefix(browser, proxy):
    requests.post(proxy + "api/v2/spans", json=spans_of("00000000000000aa"), timeout=5)
    visit(browser, proxy)
    wait(browser, lambda: found_traces(browser) == ["00000000000000aa"])
    visit(browser, proxy + "#/live")
    wait(browser, lambda: find(browser, "live-status").text.startswith("Live"))
    requests.post(proxy + "api/v2/spans", json=spans_of("00000000000000bb"), timeout=5)
    wait(browser, lambda: found_traces(browser) == ["00000000000000bb"])
    visit(browser, proxy + "#/services")
    wait(browser, lambda: len(all_of(browser, "operation-row")) == 1)
    visit(browser, proxy + "#/sql?q=SELECT count(*) FROM spans")
    wait(browser, lambda: texts(browser, "sql-row") == ["2"])
    visit(browser, proxy + "#/trace/00000000000000aa")
    wait(browser, lambda: "uploaded" in browser.find_element(By.TAG_NAME, "main").text)
