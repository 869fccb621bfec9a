"""What the connector holds in memory, measured against a server that keeps nothing."""

import hashlib
import threading
import tracemalloc
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from connector_sdk import Payload
from connector_sdk.contract import documents_of
from connectors.s3.operations.query import Query
from connectors.s3.uploads.slices import MIB

BLOCK = 64 << 10
PAGE = 1000
MODIFIED = "<LastModified>2026-04-01T12:00:00.000Z</LastModified>"
SPARSE = f"<Contents><Key>{{:09}}</Key>{MODIFIED}<Size>1</Size></Contents>"
USUAL = SPARSE.replace("</Contents>", "<ETag>&quot;a&quot;</ETag><StorageClass>STANDARD</StorageClass></Contents>")


class Bottomless(BaseHTTPRequestHandler):
    """Takes uploads of any size and lists any number of objects."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.answer(b"", {"Content-Length": str(self.server.size), "ETag": self.server.etag})

    def do_PUT(self):
        digest = hashlib.md5()
        left = int(self.headers["Content-Length"])
        while left:
            block = self.rfile.read(min(BLOCK, left))
            digest.update(block)
            left -= len(block)
        number = int(parse_qs(urlsplit(self.path).query)["partNumber"][0])
        self.server.parts[number] = digest
        self.answer(b"", {"ETag": f'"{digest.hexdigest()}"'})

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.endswith("?uploads"):
            self.answer(b"<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>")
            return
        digests = [digest.digest() for _, digest in sorted(self.server.parts.items())]
        self.server.etag = f'"{hashlib.md5(b"".join(digests)).hexdigest()}-{len(digests)}"'
        etag = f"<ETag>{self.server.etag}</ETag>"
        self.answer(f"<CompleteMultipartUploadResult>{etag}</CompleteMultipartUploadResult>".encode())

    def do_GET(self):
        start = int(parse_qs(urlsplit(self.path).query).get("continuation-token", ["0"])[0])
        entries = "".join(self.server.entry.format(number) for number in range(start, start + PAGE))
        more = "true" if start + PAGE < self.server.objects else "false"
        end = f"<IsTruncated>{more}</IsTruncated><NextContinuationToken>{start + PAGE}</NextContinuationToken>"
        self.answer(f"<ListBucketResult>{entries}{end}</ListBucketResult>".encode())

    def answer(self, body, headers=None):
        self.send_response(200)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def bottomless(tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bottomless)
    server.parts, server.size, server.objects, server.etag, server.entry = {}, 0, 0, '"none"', USUAL
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def measured():
    """Measures the most memory held at once, in bytes."""
    tracemalloc.start()
    tracemalloc.reset_peak()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


def url(server):
    return f"http://127.0.0.1:{server.server_address[1]}"


def test_an_upload_of_a_quarter_of_a_gibibyte_takes_a_few_mebibytes(store, document, bottomless, tmp_path, measured):
    path = tmp_path / "sparse"
    with path.open("wb") as stream:
        stream.truncate(256 * MIB + 1)
    bottomless.size = 256 * MIB + 1

    store.through(url(bottomless)).one("upsert", document("k", Payload.file(path)), part_size=64)

    assert len(bottomless.parts) == 5
    assert measured() < 32 * MIB


@pytest.mark.parametrize("entry", [USUAL, SPARSE])
def test_a_listing_of_any_length_takes_the_memory_of_a_page(
    document, bottomless, open_client, request_for, measured, entry
):
    bottomless.objects, bottomless.entry = 20 * PAGE, entry
    client = open_client(url(bottomless))
    documents = documents_of(Query(object_type="the-bucket"), client, request_for(Query, document()))
    for _ in range(2 * PAGE):
        next(documents)
    two_pages = measured()

    rest = sum(1 for _ in documents)

    assert rest == 18 * PAGE
    assert measured() < 2 * two_pages  # the server, which is measured too, may hold the page it sends
