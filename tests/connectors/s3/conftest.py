"""An S3 server on loopback, and the connector run against it."""

from __future__ import annotations

import logging
import os
import uuid
from dataclasses import dataclass

import pytest

from connector_sdk import Document, Payload, Request
from connector_sdk.runtime import LocalRuntime
from connector_sdk.testing import run
from connectors.s3 import S3


class RecordingRuntime(LocalRuntime):
    """Notes how long it was asked to wait, and does not."""

    def __init__(self, folder):
        super().__init__(folder)
        self.waits = []

    def wait(self, seconds):
        self.check()
        self.waits.append(seconds)


@dataclass
class Store:
    """The connector with a server, a bucket of the test's own and a plain client to look behind it."""

    url: str
    bucket: str
    api: object
    runtime: RecordingRuntime

    def through(self, url):
        """The same store, reached through another address."""
        return Store(url, self.bucket, self.api, self.runtime)

    @property
    def connection(self):
        return {"access_key": "ACCESS", "secret_key": "SECRET", "endpoint_url": self.url}

    def run(self, action, *documents, parameters=None, connection=None, **options):
        """The results of an operation for these documents; the bucket is the test's unless options name another."""
        connected = {**self.connection, **(connection or {})}
        operation = {"action": action, "object_type": self.bucket, **options}
        return run(S3, connected, operation, documents, parameters, within=self.runtime)

    def one(self, action, document=None, **options):
        """The documents of one that succeeds."""
        (result,) = self.run(action, document or named(), **options)
        if result.error:
            raise result.error
        return result.documents

    def fill(self, keys):
        """Put empty objects there, past the server's HTTP, which is slow."""
        from moto.s3.models import s3_backends

        for key in keys:
            s3_backends["123456789012"]["aws"].put_object(self.bucket, key, b"")

    def listed(self):
        """Every key in the bucket, as the plain client sees them."""
        pages = self.api.get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        return [found["Key"] for page in pages for found in page.get("Contents", ())]

    def content(self, key):
        """An object's bytes."""
        return self.api.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def unfinished(self):
        """Uploads that S3 still keeps parts of."""
        return self.api.list_multipart_uploads(Bucket=self.bucket).get("Uploads", [])


def named(key=None, content=b"", properties=None, **tracked):
    """A document, its tracked properties given without their prefix."""
    if key is not None:
        tracked["file_key"] = key
    payload = content if isinstance(content, Payload) else Payload(content)
    return Document(payload, properties or {}, {f"s3.{name}": value for name, value in tracked.items()})


@pytest.fixture(scope="session")
def server():
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    yield f"http://{host}:{port}"
    moto.stop()
    moto._server.server_close()


@pytest.fixture(scope="session")
def api(server):
    import boto3

    keys = {"aws_access_key_id": "ACCESS", "aws_secret_access_key": "SECRET"}
    client = boto3.client("s3", region_name="us-east-1", endpoint_url=server, **keys)
    yield client
    client.close()


@pytest.fixture
def runtime(tmp_path):
    folder = tmp_path / "payloads"
    folder.mkdir()
    return RecordingRuntime(folder)


@pytest.fixture
def store(server, api, runtime):
    bucket = f"test-{uuid.uuid4()}"
    api.create_bucket(Bucket=bucket)
    return Store(server, bucket, api, runtime)


@pytest.fixture
def large(tmp_path):
    """A file of 20 MiB and a bit: more than goes in one request."""
    path = tmp_path / "large"
    path.write_bytes(os.urandom((20 << 20) + 7))
    return Payload.file(path)


@pytest.fixture
def document():
    return named


@pytest.fixture
def open_client(runtime):
    """Opens clients by URL and closes them."""
    opened = []

    def open_(url, **settings):
        connection = S3.connection.model_validate(
            {"access_key": "ACCESS", "secret_key": "SECRET", "endpoint_url": url, **settings}
        )
        client = connection.open(runtime)
        opened.append((connection, client))
        return client

    yield open_
    for connection, client in opened:
        connection.close(client)


@pytest.fixture
def request_for(runtime):
    def make(operation, document, **inputs):
        return Request(document, "s3", runtime, inputs, frozenset(operation.sets))

    return make
