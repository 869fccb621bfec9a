"""Runs expressions of S3 Select over bytes, as the local engine does over an object."""

from __future__ import annotations

import io
import socket
import threading
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connector_sdk import Document, Payload
from connector_sdk.testing import run
from connectors.s3 import S3
from connectors.s3.select.compression import decompressed
from connectors.s3.select.csv_records import CsvRecords
from connectors.s3.select.format import CsvInput, JsonInput, JsonOutput
from connectors.s3.select.json_records import JsonRecords
from connectors.s3.select.local import select
from connectors.s3.select.parser import parse


def _bytes(data):
    return data.encode() if isinstance(data, str) else data


@pytest.fixture
def from_csv():
    """Results of an expression over CSV, as JSON lines unless `output` says otherwise."""

    def results(expression, data, output=None, compression="none", **written):
        statement = parse(expression)
        source = decompressed(io.BytesIO(_bytes(data)), compression)
        records = CsvRecords(source, CsvInput(**written), statement)
        return b"".join(select(statement, records, output or JsonOutput())).decode()

    return results


@pytest.fixture
def from_json():
    """Results of an expression over JSON, as JSON lines unless `output` says otherwise."""

    def results(expression, data, output=None, type="lines", compression="none"):
        statement = parse(expression)
        source = decompressed(io.BytesIO(_bytes(data)), compression)
        records = JsonRecords(source, JsonInput(type=type), statement)
        return b"".join(select(statement, records, output or JsonOutput())).decode()

    return results


@pytest.fixture(scope="session")
def connector():
    """The S3 connector."""
    return S3


@dataclass
class Service:
    """The connector with a server that has an object: `run` gives the result of one Select."""

    connector: object
    url: str
    bucket: str
    runtime: object

    def run(self, *documents, parameters=None, connection=None, **options):
        keys = {"access_key": "ACCESS", "secret_key": "SECRET", "endpoint_url": self.url, **(connection or {})}
        operation = {"action": "select", "object_type": self.bucket, **options}
        given = documents or [Document(Payload(b""))]
        return run(self.connector, keys, operation, given, parameters, within=self.runtime)

    def one(self, *documents, **options):
        """The document of a Select that succeeds, or its error raised."""
        (result,) = self.run(*documents, **options)
        if result.error:
            raise result.error
        (document,) = result.documents
        return document

    def text(self, *documents, **options):
        return self.one(*documents, **options).payload.read().decode()

    def at(self, url):
        """The same, reached through another address."""
        return replace(self, url=url)


@pytest.fixture
def service(connector, store):
    """Select through the connector, with a bucket of the test's own in a server that keeps objects."""
    return Service(connector, store.url, store.bucket, store.runtime)


@pytest.fixture
def put(store):
    """Stores an object in the test's bucket."""
    return lambda key, body, **more: store.api.put_object(Bucket=store.bucket, Key=key, Body=body, **more)


class SelectHandler(BaseHTTPRequestHandler):
    """Answers each SelectObjectContent with the next planned answer, in chunks, and notes what was asked."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), body))
        status, pieces = self.server.answers.pop(0)
        self.send_response(status)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in pieces:
            if piece is None:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *arguments):
        pass


@pytest.fixture
def select_server(connector, runtime):
    """A server that knows nothing but Select: give it `answers`, each a status and the pieces of its body."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), SelectHandler)
    server.answers, server.asked = [], []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    server.select = Service(connector, f"http://127.0.0.1:{server.server_port}", "a-bucket", runtime)
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
