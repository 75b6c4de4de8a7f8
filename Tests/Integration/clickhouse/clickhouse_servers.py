# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Real ClickHouse servers of Debian (18.16), single or a replicated pair with the real ZooKeeper."""

import pathlib
import signal
import socket
import subprocess

import requests

from conftest import eventually, free_port, require

CONFIGURATION = """
<yandex>
  <logger><level>warning</level><log>{folder}/server.log</log><errorlog>{folder}/error.log</errorlog></logger>
  <listen_host>127.0.0.1</listen_host>
  <tcp_port>{tcp}</tcp_port><http_port>{http}</http_port>
  <interserver_http_port>{interserver}</interserver_http_port>
  <interserver_http_host>127.0.0.1</interserver_http_host>
  <path>{folder}/data/</path><tmp_path>{folder}/tmp/</tmp_path><users_config>{folder}/users.xml</users_config>
  <default_profile>default</default_profile><default_database>default</default_database>
  <mark_cache_size>268435456</mark_cache_size><max_concurrent_queries>100</max_concurrent_queries>
  {cluster}
</yandex>
"""

CLUSTER = """
  <zookeeper><node><host>127.0.0.1</host><port>{zookeeper}</port></node><session_timeout_ms>5000</session_timeout_ms></zookeeper>
  <macros><shard>1</shard><replica>{replica}</replica></macros>
  <remote_servers><pair><shard><internal_replication>true</internal_replication>{replicas}</shard></pair></remote_servers>
"""

USERS = """
<yandex>
  <profiles><default><max_memory_usage>1000000000</max_memory_usage></default></profiles>
  <users>
    <default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default>
    <span_writer><password>s3cret/@</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></span_writer>
  </users>
  <quotas><default/></quotas>
</yandex>
"""


class ZooKeeper:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        (folder / "data").mkdir(parents=True)
        self.port = free_port()
        (folder / "zoo.cfg").write_text(
            f"tickTime=500\ndataDir={folder}/data\nclientPort={self.port}\nclientPortAddress=127.0.0.1\n"
            "admin.enableServer=false\n4lw.commands.whitelist=*\nmaxClientCnxns=0\n"
        )
        self.process = subprocess.Popen(
            [require("java"), "-Xmx256m", "-cp", "/etc/zookeeper/conf:/usr/share/java/*:/usr/share/zookeeper/*",
             "org.apache.zookeeper.server.quorum.QuorumPeerMain", str(folder / "zoo.cfg")],
            stdout=open(folder / "log", "w"), stderr=subprocess.STDOUT,
        )  # fmt: skip
        eventually(self._serves, what="ZooKeeper serving")

    def _serves(self):
        """`ruok` is answered before it serves; `srvr` names its mode only then."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
            connection.sendall(b"srvr")
            return b"Mode:" in connection.recv(4096)

    def stop(self):
        self.process.terminate()
        self.process.wait()


class ClickHouse:
    """One server; it can be killed and started again on its ports and its folder."""

    def __init__(self, folder, cluster="", ports=None):
        self.folder = pathlib.Path(folder)
        for name in ["data", "tmp"]:
            (self.folder / name).mkdir(parents=True)
        self.tcp, self.port, self.interserver = ports or (free_port(), free_port(), free_port())
        self.url = f"http://127.0.0.1:{self.port}"
        (self.folder / "users.xml").write_text(USERS)
        (self.folder / "config.xml").write_text(
            CONFIGURATION.format(
                folder=folder, tcp=self.tcp, http=self.port, interserver=self.interserver, cluster=cluster
            )
        )
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [require("clickhouse-server"), f"--config-file={self.folder}/config.xml"],
            stdout=open(self.folder / "out", "a"), stderr=subprocess.STDOUT,
        )  # fmt: skip
        eventually(lambda: requests.get(self.url + "/ping", timeout=2).ok, what=f"ClickHouse on {self.url}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()

    def ask(self, statement):
        """The answer's rows, of which each is a list of texts."""
        answer = requests.post(self.url, data=statement.encode(), timeout=30)
        assert answer.status_code == 200, answer.text
        return [line.split("\t") for line in answer.text.splitlines()]


class Pair:
    """Two servers that replicate each other."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.zookeeper = ZooKeeper(folder / "zookeeper")
        ports = [(free_port(), free_port(), free_port()) for _ in range(2)]
        replicas = "".join(f"<replica><host>127.0.0.1</host><port>{tcp}</port></replica>" for tcp, _, _ in ports)
        self.servers = [
            ClickHouse(
                folder / name,
                CLUSTER.format(zookeeper=self.zookeeper.port, replica=name, replicas=replicas),
                ports[index],
            )
            for index, name in enumerate(["first", "second"])
        ]

    @property
    def hosts(self):
        return ",".join(f"127.0.0.1:{server.port}" for server in self.servers)

    def stop(self):
        for server in self.servers:
            server.stop()
        self.zookeeper.stop()
