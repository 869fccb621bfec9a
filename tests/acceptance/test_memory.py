"""Memory stays bounded, whatever the number and the size of the documents."""

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

MANY = """
processes:
  many:
    steps:
      - start:
          documents:
{documents}
      - set_properties:
          id: "{{{{ json('id') }}}}"
          name: order-{{{{ prop.kind }}}}-{{{{ document.index }}}}
      - decision:
          if: {{value: "{{{{ prop.id }}}}", greater_than: 50000}}
          then:
            - set_properties: {{large: "true"}}
      - return_documents: orders
"""

LARGE = """
connections:
  inbox: {connector: disk, folder: .}
  storage: {connector: s3, access_key: some-key, secret_key: some-secret, endpoint_url: "${ENDPOINT}"}
operations:
  read: {connector: disk, action: get}
  store: {connector: s3, action: upsert, object_type: large-objects, part_size: 64}
processes:
  large:
    steps:
      - start: {connection: inbox, operation: read, parameters: {id: large.bin}}
      - set_properties: {s3.file_key: large.bin}
      - connector: {connection: storage, operation: store}
"""

LIMIT = 300 << 20


@pytest.fixture(scope="session")
def interpreter(runner, tmp_path_factory):
    """Memory of a command that does nothing."""
    return runner("--version", cwd=tmp_path_factory.mktemp("interpreter")).peak


@pytest.mark.slow
def test_a_hundred_thousand_inline_documents_stay_under_300_mb(runner, tmp_path, interpreter):
    one = "            - {{json: {{id: {}, text: some text of an order}}, properties: {{kind: retail}}}}"
    text = MANY.format(documents="\n".join(one.format(number) for number in range(100_000)))
    (tmp_path / "many.yaml").write_text(text)
    answer = runner("run", "many.yaml", "--json", cwd=tmp_path)
    assert answer.code == 0, answer.stderr
    assert answer.summary["documents"] == {"in": 100_000, "out": 100_000, "failed": 0}
    assert answer.summary["returned"] == {"orders": 100_000}
    assert answer.peak - interpreter < LIMIT


@pytest.mark.slow
def test_a_file_of_2_gib_goes_from_disk_to_s3_under_300_mb(runner, tmp_path, store, interpreter):
    (tmp_path / "large.yaml").write_text(LARGE)
    with (tmp_path / "large.bin").open("wb") as stream:
        stream.seek((2 << 30) - 4)
        stream.write(b"last")
    answer = runner("run", "large.yaml", "--json", cwd=tmp_path, ENDPOINT=store)
    os.unlink(tmp_path / "large.bin")
    assert answer.code == 0, answer.stderr
    assert answer.summary["documents"] == {"in": 1, "out": 1, "failed": 0}
    assert answer.peak - interpreter < LIMIT


@pytest.mark.slow
def test_200_000_split_documents_stay_under_300_mb(runner, tmp_path, interpreter):
    (tmp_path / "p.yaml").write_text(
        """
processes:
  lines:
    steps:
      - start: passthrough
      - data_process: [split: {format: lines}]
      - set_properties: {line: "{{ document.text }}"}
      - data_process: [combine: {format: lines}]
      - return_documents: all
"""
    )
    lines = "".join(json.dumps({"number": number}) + "\n" for number in range(200_000))
    (tmp_path / "lines.txt").write_text(lines)
    answer = runner("run", "p.yaml", "--input", "lines.txt", "--output", "out", "--json", cwd=tmp_path)
    assert answer.code == 0, answer.stderr
    [returned] = (tmp_path / "out" / "all").iterdir()
    assert returned.read_text().rstrip("\n") == lines.rstrip("\n")
    assert answer.peak - interpreter < LIMIT


LISTING = """
connections:
  storage: {connector: s3, access_key: some-key, secret_key: some-secret, endpoint_url: "${ENDPOINT}"}
operations:
  list: {connector: s3, action: query, object_type: many-objects}
processes:
  list:
    steps:
      - start: {connection: storage, operation: list}
      - set_properties: {name: "{{ prop.s3.file_key }}"}
"""
ENTRY = "<Contents><Key>{:09}</Key><LastModified>2026-04-01T12:00:00.000Z</LastModified><Size>1</Size></Contents>"
PAGE = 1000
OBJECTS = 200_000


class Listing(BaseHTTPRequestHandler):
    """A bucket of 200,000 objects that exist in its listing only."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        start = int(parse_qs(urlsplit(self.path).query).get("continuation-token", ["0"])[0])
        more = "true" if start + PAGE < OBJECTS else "false"
        entries = "".join(ENTRY.format(number) for number in range(start, start + PAGE))
        next_page = f"<IsTruncated>{more}</IsTruncated><NextContinuationToken>{start + PAGE}</NextContinuationToken>"
        body = f"<ListBucketResult>{entries}{next_page}</ListBucketResult>".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def listing():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Listing)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.slow
def test_a_listing_of_200_000_keys_stays_under_100_mb_more_than_the_runner(runner, tmp_path, listing, store):
    (tmp_path / "list.yaml").write_text(LISTING)
    few = runner("run", "list.yaml", "--json", cwd=tmp_path, ENDPOINT=store)
    many = runner("run", "list.yaml", "--json", cwd=tmp_path, ENDPOINT=listing)
    assert (few.code, many.code) == (0, 0), many.stderr
    assert many.summary["documents"] == {"in": OBJECTS, "out": OBJECTS, "failed": 0}
    assert many.peak - few.peak < 100 << 20
