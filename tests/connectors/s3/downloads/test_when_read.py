"""An object that stays in S3 until it is read: one content, or an error; no file of it."""

import hashlib
import pickle
import threading
import zipfile
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pytest

from connector_sdk import DocumentError
from connector_sdk.fault_proxy import Answer, Cut, FaultProxy, Reset, Rule
from connector_sdk.runtime import TemporaryFile
from connectors.s3.operations.get import Get

UNAVAILABLE = Answer(503, body=b"<Error><Code>SlowDown</Code><Message>Please reduce your rate</Message></Error>")


def gets(proxy):
    return [each.header("Range") for each in proxy.exchanges if each.method == "GET"]


def test_a_get_only_looks(filled, look, runtime, content):
    with FaultProxy(filled.url) as proxy:
        found = look(proxy.url)

    assert gets(proxy) == []
    assert found.payload.size == len(content)
    assert found.tracked["s3.size"] == str(len(content))
    assert found.tracked["s3.etag"] == hashlib.md5(content).hexdigest()
    assert found.tracked["s3.checksum"].startswith("CRC32:")
    assert list(runtime.folder.iterdir()) == []


def test_it_tells_the_same_as_one_that_fetches(filled, look, document):
    (fetched,) = filled.one("get", document("k"))

    assert dict(look(filled.url).tracked) == dict(fetched.tracked)


def test_it_is_read_whole_again_and_from_any_place(filled, look, content, runtime):
    payload = look(filled.url).payload

    assert payload.read() == content
    with payload.open() as stream, payload.open() as other:
        stream.seek(-10, 2)
        assert stream.read() == content[-10:]
        stream.seek(1_000_000)
        assert stream.read(3_000_000) == content[1_000_000:4_000_000]
        assert other.read(9 << 20) == content[: 9 << 20]
        assert stream.tell() == 4_000_000
    assert list(runtime.folder.iterdir()) == []


def test_what_is_left_of_it_is_stored_where_some_was_read(filled, look, content, runtime):
    with look(filled.url).payload.open() as stream:
        assert stream.read(10) == content[:10]
        assert runtime.store(stream).read() == content[10:]
    with look(filled.url).payload.open() as stream:
        assert runtime.store(stream).read() == content


def test_looking_here_and_there_costs_little(filled, look):
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("large", bytes(20 << 20))
        made.writestr("small", b"content")
    filled.api.put_object(Bucket=filled.bucket, Key="k", Body=archive.getvalue())
    with FaultProxy(filled.url) as proxy, look(proxy.url).payload.open() as stream, zipfile.ZipFile(stream) as found:
        assert found.read("small") == b"content"

    asked = [tuple(map(int, each.removeprefix("bytes=").split("-"))) for each in gets(proxy)]
    assert sum(end - start for start, end in asked) < 4 << 20


@pytest.mark.parametrize("size", [0, 1, 64 << 10])
def test_a_small_object_is_fetched_at_once(filled, look, size):
    filled.api.put_object(Bucket=filled.bucket, Key="k", Body=bytes(size))

    assert look(filled.url).payload.in_memory


class Packing(BaseHTTPRequestHandler):
    """Tells no length before it has the bytes, as a server that packs answers does."""

    def do_HEAD(self):
        self.send_response(200)
        self.send_header("ETag", '"e"')
        self.end_headers()

    def do_GET(self):
        self.do_HEAD()
        self.wfile.write(b"content")

    def log_message(self, *arguments):
        pass


def test_an_object_of_unknown_size_is_fetched_at_once(look):
    with ThreadingHTTPServer(("127.0.0.1", 0), Packing) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        found = look(f"http://127.0.0.1:{server.server_address[1]}")
        server.shutdown()
        serving.join()

    assert found.payload.read() == b"content"


@pytest.mark.parametrize(("key", "code"), [("missing", "NoSuchKey"), ("", "NoKey")])
def test_what_cannot_be_looked_at_fails_as_it_does_when_it_is_fetched(filled, look, key, code):
    with pytest.raises(DocumentError) as caught:
        look(filled.url, key)

    assert caught.value.code == code


def _replaced(store):
    store.api.put_object(Bucket=store.bucket, Key="k", Body=b"other" * 100_000)


def _deleted(store):
    store.api.delete_object(Bucket=store.bucket, Key="k")


@pytest.mark.parametrize("change", [_replaced, _deleted])
def test_an_object_that_is_another_one_by_then_fails_its_document(filled, look, change):
    payload = look(filled.url).payload
    change(filled)

    with pytest.raises(DocumentError, match="changed or deleted after its document was made") as caught:
        payload.read()
    assert caught.value.code == "ObjectChanged"
    assert "key 'k'" in str(caught.value)


def test_it_is_noticed_also_where_a_store_knows_no_conditions(filled, look):
    other = Answer(206, (("ETag", '"other"'), ("Content-Range", "bytes 0-524287/22020101")), bytes(512 << 10))
    with FaultProxy(filled.url, Rule(other, method="GET")) as proxy, pytest.raises(DocumentError) as caught:
        look(proxy.url).payload.read()

    assert caught.value.code == "ObjectChanged"


def test_a_store_that_knows_no_ranges_is_told_by_name(filled, look, content):
    etag = filled.api.head_object(Bucket=filled.bucket, Key="k")["ETag"]
    whole = Rule(Answer(200, (("ETag", etag),), content), method="GET")
    with (
        FaultProxy(filled.url, whole) as proxy,
        look(proxy.url).payload.open() as stream,
        pytest.raises(DocumentError) as caught,
    ):
        stream.read(10)

    assert caught.value.code == "NoRanges"


def test_a_version_is_read_however_many_come_after_it(filled, look, content):
    filled.api.put_bucket_versioning(Bucket=filled.bucket, VersioningConfiguration={"Status": "Enabled"})
    filled.api.put_object(Bucket=filled.bucket, Key="k", Body=content)
    payload = look(filled.url).payload
    _replaced(filled)
    _deleted(filled)

    assert payload.read() == content


@pytest.mark.parametrize("fault", [UNAVAILABLE, Reset(), Cut(1000)])
def test_each_read_has_the_ladder(filled, look, content, fault):
    with FaultProxy(filled.url, Rule(fault, method="GET", on=(1, 3, 4))) as proxy:
        found = look(proxy.url).payload.read()

    assert found == content


def test_a_stream_that_failed_goes_on_where_it_was(filled, look, content):
    refused = Answer(403, body=b"<Error><Code>AccessDenied</Code><Message>not now</Message></Error>")
    with (
        FaultProxy(filled.url, Rule(refused, header="Range: bytes=524288-2621439", on=(1,))) as proxy,
        look(proxy.url).payload.open() as stream,
    ):
        first = stream.read(500 << 10)
        with pytest.raises(DocumentError, match="not now"):
            stream.read(1 << 20)
        stream.seek(len(first))
        rest = stream.read()

    assert first + rest == content


def test_after_its_connection_is_closed_it_says_so(filled, document):
    (found,) = filled.one("get", document("k"), content="when_read")

    with pytest.raises(DocumentError, match="content: fetch") as caught:
        found.payload.read()
    assert caught.value.code == "ConnectionClosed"


@pytest.mark.parametrize(
    ("size", "part_size"), [(100_000, 5), (16 << 20, 5), ((20 << 20) + 7, 5), ((41 << 20) + 1, 16)]
)
def test_it_goes_on_into_another_object_without_a_file(filled, look, upsert, runtime, size, part_size):
    body = hashlib.sha256(b"x").digest() * (size // 32 + 1)
    filled.api.put_object(Bucket=filled.bucket, Key="k", Body=body[:size])

    stored = upsert(look(filled.url), "copy", part_size=part_size)

    assert filled.content("copy") == body[:size]
    assert stored.tracked["s3.size"] == str(size)
    assert list(runtime.folder.iterdir()) == []


def test_each_byte_is_read_once_on_its_way(filled, look, upsert, content):
    with FaultProxy(filled.url) as proxy:
        upsert(look(proxy.url), "copy", part_size=5)

    asked = [tuple(map(int, each.removeprefix("bytes=").split("-"))) for each in gets(proxy)]
    assert {part * (5 << 20) for part in range(5)} < {start for start, _ in asked}
    assert sum(end - start + 1 for start, end in asked) == len(content)


def test_a_part_above_64_mebibytes_goes_through_a_file_that_is_gone_after_it(filled, look, upsert, runtime):
    body = bytes(range(256)) * (66 << 12)
    filled.api.put_object(Bucket=filled.bucket, Key="k", Body=body)

    upsert(look(filled.url), "copy", part_size=65)

    assert filled.content("copy") == body
    assert list(runtime.folder.iterdir()) == []


def test_an_object_that_changes_on_its_way_leaves_no_parts(filled, look, upsert):
    found = look(filled.url)
    _replaced(filled)

    with pytest.raises(DocumentError) as caught:
        upsert(found, "copy", part_size=5)
    assert caught.value.code == "ObjectChanged"
    assert filled.unfinished() == []
    assert filled.listed() == ["k"]


def test_who_keeps_it_for_later_gets_a_file(filled, look, content, tmp_path):
    kept = look(filled.url).payload.linked(tmp_path / "kept", TemporaryFile(tmp_path / "kept"))
    _deleted(filled)

    assert kept.read() == content
    assert pickle.loads(pickle.dumps(kept)).read() == content


def test_what_could_not_be_kept_fails_its_document_when_it_is_read(filled, look, tmp_path):
    payload = look(filled.url).payload
    _deleted(filled)

    kept = payload.linked(tmp_path / "kept", None)

    for each in (kept, pickle.loads(pickle.dumps(kept)), type(kept).unpacked(kept.packed())):
        assert each.size == payload.size
        with pytest.raises(DocumentError) as caught:
            each.open()
        assert caught.value.code == "ObjectChanged"
    assert not (tmp_path / "kept").exists()


def test_documents_at_once_do_not_wait_for_one_another_for_ever(filled, look, upsert, content):
    threads = [
        threading.Thread(target=lambda number=number: upsert(look(filled.url), f"copy-{number}", part_size=5))
        for number in range(6)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(120)

    assert sorted(filled.listed()) == [*(f"copy-{number}" for number in range(6)), "k"]
    assert filled.content("copy-5") == content


def test_each_range_carries_the_customers_key(store, open_client, request_for, document):
    key = b64encode(bytes(range(32))).decode()
    store.api.put_object(Bucket=store.bucket, Key="k", Body=bytes(1 << 20))
    get = Get(object_type=store.bucket, content="when_read", encryption_key=key)
    with FaultProxy(store.url) as proxy:
        (found,) = get.execute(open_client(proxy.url), request_for(Get, document("k")))
        found.payload.read()
        asked = [each for each in proxy.exchanges if each.path.endswith("/k")]

    assert [each.method for each in asked] == ["HEAD", "GET", "GET"]
    assert {each.header("x-amz-server-side-encryption-customer-key") for each in asked} == {key}
    assert key not in repr(found.payload)
