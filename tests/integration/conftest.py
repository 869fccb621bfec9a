"""Real, independent S3 servers on loopback. Where one cannot be had, its tests are skipped by name, with the reason."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest

from connector_sdk import Document, Payload
from connector_sdk.runtime import LocalRuntime
from connector_sdk.testing import run
from connectors.s3 import S3

INSTALL = "`make integration` installs it where it can"
LACKS = {
    "ceph": {
        "checksums": "Ceph 16 neither checks nor keeps checksums",
        "conditions of parts": "Ceph 16 does not check the conditions of an upload in parts",
        "copies under customer keys": "Ceph 16 does not copy objects under SSE-C",
        "delete markers": "Ceph 16 does not say that a key is missing because of a delete marker",
    },
    "rclone": {
        "any key": "rclone serve s3 keeps objects in files, so their keys have to be paths",
        "batch delete": "rclone serve s3 does not say which keys of a batch it deleted",
        "checksums": "rclone serve s3 neither checks nor keeps checksums",
        "conditions": "rclone serve s3 ignores If-None-Match",
        "conditions of parts": "rclone serve s3 ignores If-None-Match and If-Match",
        "delete markers": "rclone serve s3 has no versions",
        "ends of presigned URLs": "rclone serve s3 lets a presigned URL live for minutes more",
        "if-match": "rclone serve s3 ignores If-Match",
        "customer keys": "rclone serve s3 ignores the keys of SSE-C, so it would prove nothing",
        "copies under customer keys": "rclone serve s3 ignores the keys of SSE-C, so it would prove nothing",
        "metadata": "rclone serve s3 changes the case of metadata",
        "roles": "rclone serve s3 has no token service",
        "tags": "rclone serve s3 has no tags",
        "tags of parts": "rclone serve s3 has no tags",
        "versions": "rclone serve s3 has no versions",
        "hosts": "rclone serve s3 knows the bucket in the host or in the path, not both",
    },
    "localstack": {
        "ends of presigned URLs": "LocalStack serves a presigned URL that has ended, unless told otherwise",
        "many objects": "LocalStack takes a minute for thousands of objects",
        "order of control characters": "LocalStack 4.9 compares keys in their escaped form with start-after",
        "roles": "only LocalStack's S3 is started, without its token service",
        "signatures": "LocalStack does not verify signatures",
    },
}


def pytest_configure(config):
    config.addinivalue_line("markers", "needs(ability): skipped for a server that lacks the ability")


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.integration)


@dataclass(frozen=True)
class Server:
    """Where a server is, and the keys it accepts."""

    name: str
    url: str
    access_key: str
    secret_key: str
    role: str = ""


@dataclass(frozen=True)
class Store:
    """The connector with a server, a bucket of the test's own, and a plain client to look behind it."""

    server: Server
    bucket: str
    api: object
    runtime: LocalRuntime

    def run(self, action, *documents, parameters=None, connection=None, **options):
        """The results of an operation for these documents."""
        keys = {"access_key": self.server.access_key, "secret_key": self.server.secret_key}
        connected = {**keys, "endpoint_url": self.server.url, "retry": {"waits": [0, 0]}, **(connection or {})}
        operation = {"action": action, "object_type": self.bucket, **options}
        return run(S3, connected, operation, documents, parameters, within=self.runtime)

    def all(self, action, *documents, **options):
        """The documents of an operation that succeeds for every one of these."""
        results = self.run(action, *documents, **options)
        assert [result.error for result in results if result.error] == []
        return [answer for result in results for answer in result.documents]

    def one(self, action, *document, **options):
        """The only document of an operation that succeeds."""
        (answer,) = self.all(action, *document, **options)
        return answer

    def error(self, action, *document, **options):
        """The error of an operation that fails."""
        (result,) = self.run(action, *document, **options)
        assert result.error is not None
        return result.error

    def listed(self):
        """Every key, as the plain client sees them."""
        pages = self.api.get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        return [found["Key"] for page in pages for found in page.get("Contents", ())]

    def unfinished(self):
        """Uploads that the server still keeps parts of."""
        return self.api.list_multipart_uploads(Bucket=self.bucket).get("Uploads", [])


@pytest.fixture
def document():
    """Makes documents, their tracked properties given without prefix."""

    def make(key=None, content=b"", properties=None, **tracked):
        tracked |= {} if key is None else {"file_key": key}
        payload = content if isinstance(content, Payload) else Payload(content)
        return Document(payload, properties or {}, {f"s3.{name}": value for name, value in tracked.items()})

    return make


@pytest.fixture(scope="session", params=["ceph", "rclone", "localstack"])
def server(request, tmp_path_factory):
    if "integration" not in request.config.option.markexpr:
        pytest.skip("real servers are started by `make integration` alone")
    start = {"ceph": _ceph, "rclone": _rclone, "localstack": _localstack}[request.param]
    with start(tmp_path_factory.mktemp(request.param)) as running:
        yield running


@contextmanager
def _ceph(folder):
    serve = Path(__file__).parent / "ceph" / "serve.py"
    for program in ("ceph-mon", "ceph-osd", "radosgw"):
        if not shutil.which(program):
            pytest.skip(f"Ceph's RADOS gateway is not here ({program}); {INSTALL}")
    command = (sys.executable, str(serve), str(folder / "cluster"))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        told = running.stdout.readline()
        assert told, "Ceph did not start; it says why above"
        yield Server("ceph", **json.loads(told))
        running.stdin.close()


@contextmanager
def _rclone(folder):
    program = shutil.which("rclone", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if not program:
        pytest.skip(f"rclone is not here; {INSTALL}")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = "127.0.0.1:{1}".format(*taken.getsockname())
    keys = secrets.token_hex(8), secrets.token_hex(16)
    command = (program, "--config", "", "serve", "s3", "--addr", address, "--auth-key", ",".join(keys), str(folder))
    with open(folder.with_suffix(".log"), "wb") as log, subprocess.Popen(command, stderr=log) as running:
        while not _listens(int(address.partition(":")[2])):
            assert running.poll() is None, "rclone did not start"
            time.sleep(0.05)
        yield Server("rclone", f"http://{address}", *keys)
        running.terminate()


@contextmanager
def _localstack(folder):
    python = Path(sys.prefix) / "localstack" / "bin" / "python"
    if not python.exists():
        pytest.skip(f"LocalStack is not here; {INSTALL}")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings = {
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "SERVICES": "s3",
        "EAGER_SERVICE_LOADING": "0",
        "DISABLE_EVENTS": "1",
        "DNS_ADDRESS": "0",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        **dict.fromkeys(("HOME", "TMPDIR", "XDG_CACHE_HOME"), str(folder)),
    }
    command = (str(python), "-m", "localstack.runtime.main")
    environment = {"PATH": os.environ["PATH"], **settings}
    with (
        open(folder.with_suffix(".log"), "wb") as log,
        subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log) as running,
    ):
        while not _listens(port):
            assert running.poll() is None, f"LocalStack did not start; {log.name} says why"
            time.sleep(0.05)
        yield Server("localstack", f"http://127.0.0.1:{port}", "test", "test")
        running.terminate()


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="session")
def api(server):
    keys = {"aws_access_key_id": server.access_key, "aws_secret_access_key": server.secret_key}
    client = boto3.client("s3", region_name="us-east-1", endpoint_url=server.url, **keys)
    yield client
    client.close()


@pytest.fixture
def store(request, server, api, tmp_path):
    for mark in request.node.iter_markers("needs"):
        if reason := LACKS[server.name].get(mark.args[0]):
            pytest.skip(reason)
    bucket = f"test-{uuid.uuid4()}"
    api.create_bucket(Bucket=bucket)
    folder = tmp_path / "payloads"
    folder.mkdir()
    return Store(server, bucket, api, LocalRuntime(folder))


@pytest.fixture
def large(tmp_path):
    """A file of 20 MiB and a bit: more than goes in one request."""
    path = tmp_path / "large"
    path.write_bytes(os.urandom((20 << 20) + 7))
    return Payload.file(path)
