# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The dashboards and rules: every query has an answer from a real Prometheus that scrapes the demo, promtool accepts the
rules. Grafana itself cannot be had here; what it would refuse in the dashboards' JSON is looked for instead."""

import itertools
import json
import math
import re
import socket
import subprocess
import threading

import pytest
import requests

from conftest import ROOT, Collector, Service, eventually, free_port, program, require

RULES = ROOT / "dashboards" / "prometheus" / "wingbeat.rules.yml"
RULE_TESTS = RULES.with_name("wingbeat.rules.test.yml")
DASHBOARDS = {path.stem: json.loads(path.read_text()) for path in sorted((ROOT / "dashboards/grafana").glob("*.json"))}

# What Prometheus adds to each scrape.
PROMETHEUS_OWN = {"up", "scrape_duration_seconds", "scrape_samples_scraped"}
# What a service has only after its first request, and an exporter only after the first value that it cannot say.
NOT_FROM_THE_START = ("http_server_", "wingbeat_exporter_omitted_total")
KEYWORDS = {"and", "or", "unless", "by", "without", "on", "ignoring", "group_left", "group_right", "bool", "offset"}


def panels(board):
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def queries():
    for name, board in DASHBOARDS.items():
        for panel in panels(board):
            for target in panel["targets"]:
                yield pytest.param(target["expr"], id=f"{name}: {panel['title']} {target['refId']}")


def rule_expressions():
    """Block scalars begin with a bar; all others are on one line."""
    text = RULES.read_text()
    found = re.findall(r"^( +)expr: (\|\n(?:\1  .*\n)+|.*\n)", text, re.MULTILINE)
    assert len(found) == len(re.findall(r"- (?:alert|record): ", text)) > 0
    return [expression.removeprefix("|").strip() for _, expression in found]


def names(expression):
    """The metrics of an expression: words that are no function, label, keyword or text."""
    expression = re.sub(r'"[^"]*"|\{[^}]*\}|\[[^]]*\]', " ", expression)
    expression = re.sub(r"\b(by|without|on|ignoring)\s*\([^)]*\)", " ", expression)
    words = re.findall(r"[a-zA-Z_:][a-zA-Z0-9_:]*(?![a-zA-Z0-9_:])(?!\s*\()", expression)
    return set(words) - KEYWORDS


def used_names():
    used = set()
    for expression in itertools.chain((parameter.values[0] for parameter in queries()), rule_expressions()):
        used |= names(expression)
    return used


def answered(expression):
    """The expression as Grafana asks it, with all jobs and instances chosen."""
    replaced = expression.replace("$__rate_interval", "15s").replace("$job", ".+").replace("$instance", ".+")
    assert "$" not in replaced, f"a variable that is not declared: {replaced}"
    return replaced


class Demo:
    """The collector, both string services and a worker with an exporter, and a Prometheus that scrapes them."""

    def __init__(self, folder):
        self.folder = folder
        self.running = []
        self.ending = threading.Event()
        self.traffic = threading.Thread(target=self._send)
        self.statsd = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.statsd.bind(("127.0.0.1", 0))

    def start(self):
        collector = Collector(self.folder / "data", log=self.folder / "collector.log")
        self.running.append(collector)
        self.environment = {"OTEL_EXPORTER_ZIPKIN_ENDPOINT": collector.spans_url}
        back = self._service("StringsvcBack", STRINGSVC_FAULTS="0.3")
        self.front = self._service("StringsvcFront", BACKEND=back.url)
        port = free_port()
        worker = [program("ExporterProbe"), "dashboards", str(self.statsd.getsockname()[1]), str(port)]
        self.running.append(Service(worker, port, "/metrics", self.environment, self.folder / "worker.log"))
        self.pages_at_start = self._pages()
        self._start_prometheus()
        self.traffic.start()

    def _service(self, name, **environment):
        port = free_port()
        environment = {**self.environment, "PORT": str(port), **environment}
        service = Service([program(name)], port, "/healthz", environment, self.folder / f"{name}.log")
        self.running.append(service)
        return service

    def _start_prometheus(self):
        jobs = [
            {"job_name": job, "static_configs": [{"targets": [f"127.0.0.1:{service.port}"]}]}
            for job, service in zip(["collector", "stringsvc-back", "stringsvc-front", "worker"], self.running)
        ]
        configuration = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(RULES)],
            "scrape_configs": jobs,
        }
        (self.folder / "prometheus.yml").write_text(json.dumps(configuration))  # JSON is YAML
        port = free_port()
        arguments = [
            require("prometheus"), f"--config.file={self.folder}/prometheus.yml",
            f"--storage.tsdb.path={self.folder}/prometheus", f"--web.listen-address=127.0.0.1:{port}",
        ]
        self.prometheus = Service(arguments, port, "/-/ready", log=self.folder / "prometheus.log")

    def _send(self):
        while not self.ending.wait(0.05):
            for operation, text in (("uppercase", "hello"), ("count", "hello"), ("count", 42), ("nothing", "")):
                requests.post(f"{self.front.url}/{operation}", json={"s": text}, timeout=5)

    def _pages(self):
        return "".join(requests.get(service.url + "/metrics", timeout=5).text for service in self.running)

    def names(self, pages=None):
        pages = pages or self._pages()
        return set(re.findall(r"^([a-zA-Z_:][a-zA-Z0-9_:]*)(?=[{ ])", pages, re.MULTILINE))

    def get(self, path, **parameters):
        answer = requests.get(f"{self.prometheus.url}/api/v1/{path}", params=parameters, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def numbers(self, expression):
        """The values of an instant query that are numbers."""
        values = [float(sample["value"][1]) for sample in self.get("query", query=expression)["result"]]
        return [value for value in values if not math.isnan(value)]

    def stop(self):
        self.ending.set()
        if self.traffic.ident:
            self.traffic.join()
        if hasattr(self, "prometheus"):
            self.prometheus.stop()
        codes = [service.stop() for service in reversed(self.running)]
        self.statsd.close()
        return codes


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    demo = Demo(tmp_path_factory.mktemp("dashboards"))
    try:
        demo.start()
        yield demo
    finally:
        codes = demo.stop()
    assert codes == [0, 0, 0, 0]


@pytest.mark.parametrize("expression", queries())
def test_every_panel_has_an_answer(demo, expression):
    eventually(lambda: demo.numbers(answered(expression)), 60, f"an answer to {answered(expression)}")


@pytest.mark.parametrize("name", DASHBOARDS)
def test_the_lists_of_jobs_and_instances_are_not_empty(demo, name):
    variables = [v for v in DASHBOARDS[name]["templating"]["list"] if v["type"] == "query"]
    assert [variable["name"] for variable in variables] == ["job", "instance"]
    for variable in variables:
        selector, label = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["query"]["query"]).groups()
        series = eventually(lambda: demo.get("series", **{"match[]": answered(selector)}), 60, f"series of {selector}")
        assert all(one[label] for one in series)


def test_every_metric_that_is_used_is_on_a_page(demo):
    eventually(lambda: demo.numbers("sum (wingbeat_exporter_omitted_total)"), 60, "a value that was omitted")
    recorded = set(re.findall(r"- record: (\S+)", RULES.read_text()))
    assert used_names() - demo.names() - PROMETHEUS_OWN - recorded == set()


def test_what_counts_trouble_is_there_before_the_trouble(demo):
    at_start = demo.names(demo.pages_at_start)
    missing = used_names() - at_start - PROMETHEUS_OWN
    assert {name for name in missing if not name.startswith(NOT_FROM_THE_START) and ":" not in name} == set()


def test_prometheus_evaluates_every_rule_without_an_error(demo):
    def evaluated():
        rules = [rule for group in demo.get("rules")["groups"] for rule in group["rules"]]
        return rules if all(rule["health"] != "unknown" for rule in rules) else None

    rules = eventually(evaluated, 60, "an evaluation of every rule")
    assert len(rules) == len(rule_expressions())
    assert [(rule["name"], rule["lastError"]) for rule in rules if rule["health"] != "ok"] == []


def test_a_back_end_that_fails_is_a_ratio_and_a_pending_alert(demo):
    eventually(lambda: demo.numbers('job:http_server_requests_failed:ratio_rate5m{job="stringsvc-back"} > 0.05'), 60)
    def waiting():
        alerts = demo.get("alerts")["alerts"]
        return {(alert["labels"]["alertname"], alert["labels"].get("job"), alert["state"]) for alert in alerts}

    eventually(lambda: ("WingbeatRequestsFail", "stringsvc-back", "pending") in waiting(), 60, "the pending alert")


def test_promtool_accepts_the_rules_and_their_tests_pass():
    promtool = require("promtool")
    for arguments in (["check", "rules", str(RULES)], ["test", "rules", str(RULE_TESTS)]):
        run = subprocess.run([promtool, *arguments], capture_output=True, text=True, timeout=60)
        assert run.returncode == 0, run.stdout + run.stderr


def test_every_alert_is_tested_to_fire_and_not_to_fire():
    tests = RULE_TESTS.read_text()
    alerts = re.findall(r"- alert: (\w+)", RULES.read_text())
    assert alerts
    for alert in alerts:
        assert re.search(rf"- alertname: {alert}\n +eval_time: \w+\n +exp_alerts:\n +- exp_labels", tests), alert
        assert re.search(rf"- \{{alertname: {alert}, eval_time: \w+\}}", tests), alert


@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_dashboard_can_be_imported_as_it_is(name):
    board = DASHBOARDS[name]
    assert board["uid"] == name and board["id"] is None and board["title"].startswith("Wingbeat / ")
    assert board["schemaVersion"] >= 39
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids)) and all(ids)
    declared = {variable["name"]: variable for variable in board["templating"]["list"]}
    assert list(declared) == ["datasource", "job", "instance"]
    assert declared["datasource"]["type"] == "datasource" and declared["datasource"]["query"] == "prometheus"
    text = json.dumps(board)
    used = set(re.findall(r"\$\{?(\w+)", text)) - {"__rate_interval", "__all"}
    assert used == set(declared)
    sources = re.findall(r'"type": "prometheus", "uid": "([^"]*)"', text)
    assert set(sources) == {"${datasource}"}


@pytest.mark.parametrize("name", DASHBOARDS)
def test_panels_have_a_query_a_description_and_a_place_of_their_own(name):
    taken = set()
    for panel in DASHBOARDS[name]["panels"]:
        place = panel["gridPos"]
        columns = range(place["x"], place["x"] + place["w"])
        cells = set(itertools.product(columns, range(place["y"], place["y"] + place["h"])))
        assert cells and place["x"] + place["w"] <= 24
        assert not cells & taken, f"{panel['title']} covers another panel"
        taken |= cells
    for panel in panels(DASHBOARDS[name]):
        assert panel["title"] and panel["description"].endswith(".")
        assert panel["targets"] and all(target["expr"] for target in panel["targets"])
        references = [target["refId"] for target in panel["targets"]]
        assert len(references) == len(set(references))
        shows_numbers = panel["title"] != "Programs"
        assert ('"unit"' in json.dumps(panel)) == shows_numbers, panel["title"]
