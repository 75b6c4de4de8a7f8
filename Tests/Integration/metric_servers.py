# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The real InfluxDB and the real carbon, each on ports and in a folder of its own."""

import hashlib
import json
import math
import pathlib
import signal
import socket
import subprocess
import time

import requests

from conftest import eventually, free_port, require

INFLUXDB_CONFIGURATION = """
reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
  dir = "{folder}/meta"
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
[http]
  bind-address = "127.0.0.1:{http}"
  auth-enabled = {auth}
  log-enabled = false
[[udp]]
  enabled = true
  bind-address = "127.0.0.1:{udp}"
  database = "probe"
  batch-size = 1
  batch-timeout = "100ms"
"""

CARBON_CONFIGURATION = """
[cache]
STORAGE_DIR = {folder}/
CONF_DIR = {folder}/
LOG_DIR = {folder}/log/
PID_DIR = {folder}/
LOCAL_DATA_DIR = {folder}/whisper/
USER =
MAX_CACHE_SIZE = inf
MAX_UPDATES_PER_SECOND = inf
MAX_CREATES_PER_MINUTE = inf
LINE_RECEIVER_INTERFACE = 127.0.0.1
LINE_RECEIVER_PORT = {port}
ENABLE_UDP_LISTENER = True
UDP_RECEIVER_INTERFACE = 127.0.0.1
UDP_RECEIVER_PORT = {port}
PICKLE_RECEIVER_INTERFACE = 127.0.0.1
PICKLE_RECEIVER_PORT = {pickle}
CACHE_QUERY_INTERFACE = 127.0.0.1
CACHE_QUERY_PORT = {query}
USE_FLOW_CONTROL = True
ENABLE_LOGROTATION = False
GRAPHITE_URL = http://127.0.0.1:1
ENABLE_TAGS = False
"""


class Listener:
    """A server that is ready when its port accepts a connection, and can be killed and started again."""

    def __init__(self, arguments, port, log):
        self.arguments, self.port, self.log = arguments, port, log
        self.start()

    def start(self):
        with open(self.log, "a") as output:
            self.process = subprocess.Popen(self.arguments, stdout=output, stderr=subprocess.STDOUT)
        eventually(self._accepts, what=f"{self.arguments[0]} listening on {self.port}")

    def _accepts(self):
        assert self.process.poll() is None, f"it ended: {open(self.log).read()[-2000:]}"
        with socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(timeout=30)


class InfluxDB(Listener):
    def __init__(self, folder, auth=None):
        self.http, self.udp, self.auth = free_port(), free_port(), auth
        self.url = f"http://127.0.0.1:{self.http}"
        configuration = folder / "influx.conf"
        switch = "true" if auth else "false"
        configuration.write_text(
            INFLUXDB_CONFIGURATION.format(rpc=free_port(), http=self.http, udp=self.udp, folder=folder, auth=switch)
        )
        super().__init__([require("influxd"), "-config", str(configuration)], self.http, folder / "influx.log")

    def query(self, statement, database="probe", auth=True):
        answer = requests.post(
            self.url + "/query",
            params={"db": database},
            data={"q": statement},
            auth=self.auth if auth else None,
            timeout=10,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["results"][0].get("series", [])

    def rows(self, statement, database="probe"):
        """Each point as a dictionary of its tags and fields."""
        return [
            {**series.get("tags", {}), **dict(zip(series["columns"], values))}
            for series in self.query(statement, database)
            for values in series["values"]
        ]

    def sum_of_counts(self, database="probe"):
        rows = self.rows('SELECT sum("count") FROM "probe.requests" GROUP BY "method"', database)
        return {row["method"]: row["sum"] for row in rows}


class Carbon(Listener):
    def __init__(self, folder):
        self.folder, port = folder, free_port()
        self.whisper = folder / "whisper"
        for name in ("log", "whisper"):
            (folder / name).mkdir()
        configuration = folder / "carbon.conf"
        configuration.write_text(
            CARBON_CONFIGURATION.format(folder=folder, port=port, pickle=free_port(), query=free_port())
        )
        (folder / "storage-schemas.conf").write_text("[all]\npattern = .*\nretentions = 1s:1h\n")
        arguments = ["--nodaemon", f"--config={configuration}", f"--pidfile={folder}/carbon.pid"]
        super().__init__([require("carbon-cache"), *arguments, "start"], port, folder / "carbon.log")

    def start(self):
        (self.folder / "carbon.pid").unlink(missing_ok=True)
        super().start()

    def points(self, metric):
        """The values of a metric by their second, from its whisper file."""
        path = metric if isinstance(metric, pathlib.Path) else self.whisper / (metric.replace(".", "/") + ".wsp")
        if not path.exists():
            return {}
        fetched = subprocess.run(
            [require("whisper-fetch"), "--json", f"--from={int(time.time()) - 600}", str(path)],
            capture_output=True, text=True, check=True,
        )
        found = json.loads(fetched.stdout)
        return {
            found["start"] + place * found["step"]: value
            for place, value in enumerate(found["values"])
            if value is not None and not math.isnan(value)
        }

    def value(self, metric):
        """The only value of a metric, as soon as it is on the disk."""
        points = eventually(lambda: self.points(metric), what=f"a point of {metric}")
        assert len(points) == 1, points
        return next(iter(points.values()))

    def tagged(self, name):
        """Where carbon keeps a tagged series: its file is called by the name's hash."""
        digest = hashlib.sha256(name.encode()).hexdigest()
        return self.whisper / "_tagged" / digest[:3] / digest[3:6] / f"{digest}.wsp"
