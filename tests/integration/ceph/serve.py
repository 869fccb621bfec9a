"""Serve S3 from Ceph's RADOS gateway: `python serve.py FOLDER` prints where, and stops when its input ends.

Monitor, store and gateway live in one folder, on free ports of loopback, and need no system service and no root.
"""

from __future__ import annotations

import json
import secrets
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from string import Template

START_WITHIN = 90.0
KNOWN = "--no-mon-config"
"""The file says it all. Asking the monitor for more makes a client forget the cluster's id, and be refused at times."""


class Cluster:
    """A cluster's folder, and the commands that work on it."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        for name in ("mon", "osd", "rgw", "log", "run"):
            (folder / name).mkdir(parents=True)
        self.folder = folder
        self.id = str(uuid.uuid4())
        self.monitor_port, self.port = free_port(), free_port()
        self._stack = stack
        self._deadline = time.monotonic() + START_WITHIN
        template = Template(Path(__file__).with_name("ceph.conf").read_text())
        facts = {
            "cluster": self.id,
            "folder": folder,
            "port": self.port,
            "monitor_port": self.monitor_port,
            "token_key": secrets.token_hex(8),
        }
        self._configuration = folder / "ceph.conf"
        self._configuration.write_text(template.substitute(facts))

    def run(self, program: str, *arguments: str) -> str:
        """Run a command of Ceph's to its end; its output."""
        done = self.tried(program, *arguments)
        if done.returncode:
            raise SystemExit(f"{' '.join(done.args)} failed: {done.stderr[-2000:]}")
        return done.stdout

    def tried(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command that may fail."""
        command = [program, "-c", str(self._configuration), *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    def start(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a daemon that ends with this program."""
        log = self._stack.enter_context(open(self.folder / "log" / f"{program}.out", "wb"))
        command = [program, "-c", str(self._configuration), "-f", *arguments]
        daemon = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._stack.callback(stop, daemon)
        return daemon

    def wait(self, daemon: subprocess.Popen[bytes], ready: Callable[[], bool]) -> None:
        """Wait until a daemon does its work; SystemExit with its last words where it does not."""
        while not ready():
            if daemon.poll() is not None or time.monotonic() > self._deadline:
                logs = sorted((self.folder / "log").iterdir())
                raise SystemExit("\n".join(f"{log.name}: {log.read_text()[-1000:]}" for log in logs))
            time.sleep(0.1)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def stop(daemon: subprocess.Popen[bytes]) -> None:
    daemon.terminate()
    try:
        daemon.wait(5)
    except subprocess.TimeoutExpired:
        daemon.kill()
        daemon.wait()


def start_monitor(cluster: Cluster) -> subprocess.Popen[bytes]:
    chart = str(cluster.folder / "monmap")
    address = f"[v1:127.0.0.1:{cluster.monitor_port}]"
    cluster.run("monmaptool", "--create", "--fsid", cluster.id, "--addv", "a", address, chart)
    cluster.run("ceph-mon", "--mkfs", "-i", "a", "--monmap", chart)
    monitor = cluster.start("ceph-mon", "-i", "a")
    cluster.wait(monitor, lambda: listens(cluster.monitor_port))
    return monitor


def start_store(cluster: Cluster, monitor: subprocess.Popen[bytes]) -> None:
    store = str(uuid.uuid4())
    cluster.wait(monitor, lambda: cluster.tried("ceph", "osd", "new", store).returncode == 0)
    cluster.run("ceph-osd", KNOWN, "-i", "0", "--mkfs", "--osd-uuid", store)
    daemon = cluster.start("ceph-osd", KNOWN, "-i", "0")
    cluster.wait(daemon, lambda: "1 up" in cluster.tried("ceph", "osd", "stat").stdout)


def start_gateway(cluster: Cluster) -> None:
    group, zone = ("--rgw-zonegroup", "us-east-1"), ("--rgw-zone", "zone")
    placement = ("--placement-id", "default-placement", "--storage-class", "STANDARD_IA")
    for arguments in (
        ("realm", "create", "--rgw-realm", "realm", "--default"),
        ("zonegroup", "create", *group, "--master", "--default"),
        ("zone", "create", *group, *zone, "--master", "--default"),
        ("zonegroup", "placement", "add", *group, *placement),
        ("zone", "placement", "add", *zone, *placement, "--data-pool", "zone.ia"),
        ("period", "update", "--commit"),
    ):
        cluster.run("radosgw-admin", KNOWN, *arguments)
    gateway = cluster.start("radosgw", KNOWN, "-n", "client.rgw")
    cluster.wait(gateway, lambda: listens(cluster.port))


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def add_user(cluster: Cluster) -> dict[str, str]:
    keys = {"access_key": f"AK{secrets.token_hex(8)}", "secret_key": secrets.token_urlsafe(24)}
    given = ("--access-key", keys["access_key"], "--secret-key", keys["secret_key"])
    cluster.run("radosgw-admin", KNOWN, "user", "create", "--uid", "test", "--display-name", "test", *given)
    return keys


def add_role(cluster: Cluster) -> dict[str, str]:
    """A role that the user may take on, and that may do everything with S3."""
    trust = statement(Principal={"AWS": ["arn:aws:iam:::user/test"]}, Action=["sts:AssumeRole"])
    rights = statement(Action=["s3:*"], Resource=["arn:aws:s3:::*"])
    role = ("--role-name", "writer")
    told = cluster.run("radosgw-admin", KNOWN, "role", "create", *role, "--assume-role-policy-doc", trust)
    cluster.run("radosgw-admin", KNOWN, "role-policy", "put", *role, "--policy-name", "all", "--policy-doc", rights)
    return {"role": json.loads(told)["Arn"]}


def statement(**parts: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **parts}]})


def main(folder: Path) -> None:
    """Start everything, tell where it is, and stop it when the input ends."""
    with ExitStack() as stack:
        cluster = Cluster(folder, stack)
        start_store(cluster, start_monitor(cluster))
        start_gateway(cluster)
        print(
            json.dumps({"url": f"http://127.0.0.1:{cluster.port}", **add_user(cluster), **add_role(cluster)}),
            flush=True,
        )
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
