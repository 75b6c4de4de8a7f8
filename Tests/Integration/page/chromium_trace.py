# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Chromium's own trace of what it did, frame by frame, taken through the DevTools protocol."""

import json
import urllib.request

import websocket  # selenium brings it

CATEGORIES = ["devtools.timeline", "devtools.timeline.frame", "disabled-by-default-devtools.timeline.frame", "blink.user_timing", "cc", "viz"]


class ChromiumTrace:
    """`with ChromiumTrace(browser) as trace: ...`; afterwards the trace has the frames between."""

    def __init__(self, browser):
        self.browser = browser
        self.number = 0

    def __enter__(self):
        address = self.browser.capabilities["goog:chromeOptions"]["debuggerAddress"]
        with urllib.request.urlopen(f"http://{address}/json/version") as answer:
            target = json.load(answer)["webSocketDebuggerUrl"]
        self.socket = websocket.create_connection(target, suppress_origin=True, timeout=120)
        self._call("Tracing.start", transferMode="ReportEvents", traceConfig={"includedCategories": CATEGORIES})
        self.browser.execute_script("performance.mark('measure-begin')")
        return self

    def __exit__(self, *_):
        self.browser.execute_script("performance.mark('measure-end')")
        self.events = []
        self._call("Tracing.end")
        while (message := json.loads(self.socket.recv())).get("method") != "Tracing.tracingComplete":
            if message.get("method") == "Tracing.dataCollected":
                self.events += message["params"]["value"]
        self.socket.close()
        marks = {event["name"]: event for event in self.events if event["name"].startswith("measure-")}
        self.begin, self.end = marks["measure-begin"], marks["measure-end"]

    def _call(self, method, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while (message := json.loads(self.socket.recv())).get("id") != self.number:
            pass
        assert "error" not in message, message

    def _between(self, name):
        return [event for event in self.events if event["name"] == name and self.begin["ts"] <= event.get("ts", 0) <= self.end["ts"]]

    def frame_intervals(self):
        """Milliseconds between one frame that was drawn and the next."""
        times = sorted(event["ts"] for event in self._between("DrawFrame"))
        return [(later - sooner) / 1000 for sooner, later in zip(times, times[1:])]

    def main_thread_frames(self):
        """Milliseconds of processor time that the page took for each of its frames: script, style, layout and paint."""
        own = [event for event in self._between("ProxyMain::BeginMainFrame") if event["pid"] == self.begin["pid"] and "tdur" in event]
        return [event["tdur"] / 1000 for event in own]
