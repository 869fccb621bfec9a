"""An S3 server on loopback, and the connector run against it."""

from __future__ import annotations

import ipaddress
import logging
import os
import ssl
import struct
import threading
import uuid
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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
        connection = S3.connection.load(
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


class Noting(BaseHTTPRequestHandler):
    """Says yes to everything and notes it."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.server.seen.append((self.command, self.path, self.headers))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_PUT(self):
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            while size := int(self.rfile.readline(), 16):
                self.rfile.read(size + 2)
            while self.rfile.readline().strip():
                continue  # trailers
        else:
            self.rfile.read(int(self.headers["Content-Length"]))
        self.do_HEAD()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def authority(tmp_path):
    """A certificate for 127.0.0.1 that vouches for itself; its file and that of its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    certificate = (
        builder.not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = tmp_path / "certificate.pem", tmp_path / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


@pytest.fixture
def secure_server(authority):
    """A server behind TLS that says yes to everything, and what it has `seen`."""
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    listening.seen = []
    listening.handle_error = lambda *arguments: None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority)
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
    thread.start()
    yield listening
    listening.shutdown()
    thread.join()
    listening.server_close()


def event(kind, payload=b"", **headers):
    """One message of an event stream, as it is on the wire."""
    named = {":message-type": "event", ":event-type": kind, **{f":{name}": value for name, value in headers.items()}}
    return message({name.replace("_", "-"): value for name, value in named.items()}, payload)


def message(named, payload):
    headers = b"".join(
        struct.pack("!B", len(name)) + name.encode() + struct.pack("!BH", 7, len(value)) + value.encode()
        for name, value in named.items()
    )
    prelude = struct.pack("!II", 16 + len(headers) + len(payload), len(headers))
    body = prelude + struct.pack("!I", zlib.crc32(prelude)) + headers + payload
    return body + struct.pack("!I", zlib.crc32(body))


@pytest.fixture(scope="session")
def events():
    """Makes messages of an event stream: `events(kind, payload)`, and `events.error(code, message)`."""

    def error(code, text):
        return message({":message-type": "error", ":error-code": code, ":error-message": text}, b"")

    event.error = error
    return event
