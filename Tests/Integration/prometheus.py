# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""A real Prometheus and a real Pushgateway on free ports, and what is asked of them."""

import time

import requests

from conftest import Service, eventually, free_port, require


class Prometheus(Service):
    """Scrapes one target every second."""

    def __init__(self, folder, target, *flags):
        port = free_port()
        configuration = folder / "prometheus.yml"
        configuration.write_text(
            "global: {scrape_interval: 1s}\n"
            f"scrape_configs: [{{job_name: probe, static_configs: [{{targets: ['127.0.0.1:{target.port}']}}]}}]\n"
        )
        super().__init__(
            [
                require("prometheus"), f"--config.file={configuration}", f"--storage.tsdb.path={folder / 'tsdb'}",
                f"--web.listen-address=127.0.0.1:{port}", *flags,
            ],
            port, "/-/ready", log=folder / "prometheus.log",
        )

    def __enter__(self):
        try:
            eventually(self._has_scraped, 30, "the first scrape")
        except AssertionError:
            self.kill()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def _has_scraped(self):
        targets = self.get("targets")["activeTargets"]
        assert [target["lastError"] for target in targets] == [""]
        return targets[0]["health"] == "up"

    def get(self, path, **parameters):
        answer = requests.get(f"{self.url}/api/v1/{path}", params=parameters, timeout=5).json()
        assert answer["status"] == "success", answer
        return answer["data"]

    def values(self, expression):
        """The values of a query by their labels, but for job, instance and name."""
        return {
            frozenset((k, v) for k, v in sample["metric"].items() if k not in ("job", "instance", "__name__")): (
                float(sample["value"][1])
            )
            for sample in self.get("query", query=expression)["result"]
        }

    def value(self, expression, **labels):
        return self.values(expression)[frozenset(labels.items())]

    def unit(self, metric):
        return self.get("targets/metadata", metric=metric)[0]["unit"]

    def exemplars(self, expression):
        now = time.time()
        series = self.get("query_exemplars", query=expression, start=now - 600, end=now + 5)
        return [exemplar for one in series for exemplar in one["exemplars"]]


class Pushgateway(Service):
    """Keeps its groups in memory alone."""

    def __init__(self, port=None):
        port = port or free_port()
        address = f"--web.listen-address=127.0.0.1:{port}"
        super().__init__([require("prometheus-pushgateway"), address], port, "/-/ready")

    def groups(self):
        """The labels and the metrics of each group."""
        answer = requests.get(self.url + "/api/v1/metrics", timeout=5).json()
        return [(group["labels"], group) for group in answer["data"]]

    def requests_by_method(self):
        """The probe's counter in the only group."""
        (_, group), = self.groups()
        samples = group["probe_requests_total"]["metrics"]
        return {sample["labels"]["method"]: float(sample["value"]) for sample in samples}
