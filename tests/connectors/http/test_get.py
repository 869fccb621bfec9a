import gzip
import zlib

import pytest

from connector_sdk import DocumentError, SettingsError
from connectors.http.get import Get


def test_a_body_becomes_a_document_with_what_is_known_of_it(api, reply):
    headers = (("Content-Type", "text/plain"), ("ETag", '"v1"'), ("Last-Modified", "Wed, 01 Apr 2026 12:00:00 GMT"))
    api.on("/notes/1", reply(200, b"hello", headers))

    found = api.one("get", path="notes/1")

    assert found.payload.read() == b"hello"
    assert found.tracked == {
        "http.status_code": "200",
        "http.reason": "OK",
        "http.url": f"{api.url}/notes/1",
        "http.content_type": "text/plain",
        "http.etag": '"v1"',
        "http.last_modified": "Wed, 01 Apr 2026 12:00:00 GMT",
    }


def test_facts_of_an_earlier_answer_do_not_stay(api, reply, document):
    api.on("/x", reply())

    assert "http.etag" not in api.one("get", document(etag='"old"'), path="x").tracked


def test_a_body_in_chunks_is_whole(api, reply):
    api.on("/", reply(200, b"0123456789abc", chunked=True))

    assert api.one("get").payload.read() == b"0123456789abc"


def test_an_answer_without_content_is_an_empty_document(api, reply):
    api.on("/x", reply(204))

    assert api.one("get", path="x").payload.size == 0


def test_parameters_of_the_address_are_text(api, reply):
    api.on("/x", reply())

    api.one("get", path="x", query={"q": "a&b=c d+é%", "n": 7, "flag": True, "each": ["1", "2"], "none": None, "e": ""})

    assert api.asked[0].query == "q=a%26b%3Dc%20d%2B%C3%A9%25&n=7&flag=true&each=1&each=2&e="


def test_placeholders_are_properties_of_the_document(api, reply, document):
    api.on("/orders/7", reply())

    api.one(
        "get",
        document(properties={"id": "7", "who": "a&b"}),
        path="orders/{id}",
        query={"for": "<{who}>", "filter": '{"a": 1}'},
        headers={"X-Who": "{who}"},
    )

    assert api.asked[0].query == "for=%3Ca%26b%3E&filter=%7B%22a%22%3A%201%7D"
    assert api.asked[0].headers["X-Who"] == "a&b"


def test_a_property_that_is_not_there_says_what_is(api, document):
    error = api.error("get", document(properties={"number": "7"}), path="orders/{id}")

    assert error.code == "MissingProperty"
    assert str(error) == "there is no property 'id' for {id}; the document has number"


def test_headers_of_connection_and_operation_are_sent_the_operations_win(api, reply):
    api.on("/x", reply())

    connected = api.through(None, headers={"X-A": "1", "X-B": "2"}, user_agent="acme/1")
    connected.one("get", path="x", headers={"x-b": "3", "X-E": "é"}, accept="application/json")

    sent = api.asked[0].headers
    assert [sent[name] for name in ("X-A", "X-B", "User-Agent", "Accept")] == ["1", "3", "acme/1", "application/json"]
    assert sent.get_all("X-B") == ["3"]


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\x00b", "a\x7f"])
def test_a_value_cannot_smuggle_in_another_header(api, document, value):
    error = api.error("get", document(properties={"v": value}), path="x", headers={"X-A": "{v}"})

    assert error.code == "InvalidHeader"
    assert "X-A" in str(error)
    assert api.asked == []


@pytest.mark.parametrize("name", ["Host", "content-length", "Transfer-Encoding", "Connection", "X A", "X:A", ""])
def test_headers_that_frame_a_request_are_not_set_by_hand(name):
    with pytest.raises(SettingsError, match="header"):
        Get.load({"headers": {name: "1"}})


def test_headers_become_properties_and_what_is_missing_is_empty(api, reply, document):
    api.on("/x", reply(200, b"", (("X-Total-Count", "7"),)))

    wanted = {"total": "x-total-count", "next": "X-Next"}
    found = api.one("get", document(properties={"next": "stale"}), path="x", header_properties=wanted)

    assert found.properties == {"total": "7", "next": ""}


def test_head_tells_without_a_body(api, reply):
    api.on("/x", reply(200, b"12345", (("ETag", '"v"'),)))

    found = api.one("get", method="HEAD", path="x", header_properties={"size": "Content-Length"})

    assert (found.payload.size, found.properties, found.tracked["http.etag"]) == (0, {"size": "5"}, '"v"')


def test_a_status_that_is_expected_becomes_a_document(api):
    found = api.one("get", path="x", expected=[404])

    assert (found.payload.read(), found.tracked["http.status_code"]) == (b"nothing here", "404")


def test_a_compressed_body_is_what_it_was(api, reply):
    body = gzip.compress(b"plain") + gzip.compress(b" and more" * 1000)
    api.on("/x", reply(200, body, (("Content-Encoding", "gzip"),)))

    assert api.one("get", path="x").payload.read() == b"plain" + b" and more" * 1000
    assert api.asked[0].headers["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize("wbits", [15, -15])
def test_deflate_is_understood_with_and_without_its_frame(api, reply, wbits):
    packer = zlib.compressobj(wbits=wbits)
    api.on("/x", reply(200, packer.compress(b"plain") + packer.flush(), (("Content-Encoding", "deflate"),)))

    assert api.one("get", path="x").payload.read() == b"plain"


def test_a_body_can_be_taken_as_it_was_sent(api, reply):
    body = gzip.compress(b"plain")
    api.on("/x", reply(200, body, (("Content-Encoding", "gzip"),)))

    assert api.one("get", path="x", decompress=False).payload.read() == body
    assert api.asked[0].headers["Accept-Encoding"] == "identity"


def test_an_encoding_nobody_asked_for_is_an_error(api, reply):
    api.on("/x", reply(200, b"??", (("Content-Encoding", "br"),)))

    error = api.error("get", path="x")

    assert error.code == "UnknownEncoding"
    assert "br" in str(error)


def test_a_bomb_is_not_unpacked(api, reply):
    bomb = gzip.compress(bytes(64 << 20))
    assert len(bomb) < 100_000
    api.on("/x", reply(200, bomb, (("Content-Encoding", "gzip"),)))

    error = api.error("get", path="x", max_size=2)

    assert (error.code, str(error)) == ("TooLarge", "the answer has more than 2 MiB; raise max_size")
    assert all(path.stat().st_size <= 2 << 20 for path in api.runtime.folder.iterdir())


def test_a_body_of_the_largest_size_is_taken(api, reply):
    api.on("/x", reply(200, bytes(1 << 20)))

    assert api.one("get", path="x", max_size=1).payload.size == 1 << 20


def test_content_is_fetched_only_if_it_changed(api, reply, document):
    api.on("/x", reply(304, b"", (("ETag", '"v1"'),)))
    known = document(b"old", etag='"v1"', last_modified="Wed, 01 Apr 2026 12:00:00 GMT")

    assert api.all("get", known, path="x", only_if_changed=True) == []
    assert api.asked[0].headers["If-None-Match"] == '"v1"'
    assert api.asked[0].headers["If-Modified-Since"] == "Wed, 01 Apr 2026 12:00:00 GMT"


def test_what_did_not_change_can_travel_on(api, reply, document):
    api.on("/x", reply(304))

    found = api.one("get", document(b"old", etag='"v1"'), path="x", only_if_changed=True, if_unchanged="pass_on")

    assert found.payload.read() == b"old"
    assert (found.tracked["http.status_code"], found.tracked["http.etag"]) == ("304", '"v1"')


def test_without_a_condition_a_304_is_no_content(api, reply):
    api.on("/x", reply(304))

    assert api.error("get", path="x").code == "304"


def test_each_document_is_a_request_of_its_own(api, reply, document):
    api.on("/a", reply(200, b"A"))
    api.on("/b", reply(200, b"B"))
    documents = [document(properties={"p": name}) for name in ("a", "missing", "b")]

    results = api.run("get", *documents, path="{p}")

    assert [result.error.code if result.error else result.documents[0].payload.read() for result in results] == [
        b"A",
        "404",
        b"B",
    ]
    assert isinstance(results[1].error, DocumentError)


def test_cookies_are_not_kept(api, reply, document):
    api.on("/x", reply(200, b"", (("Set-Cookie", "session=1; Path=/"),)))

    api.run("get", document(), document(), path="x")

    assert len(api.asked) == 2
    assert [each.headers["Cookie"] for each in api.asked] == [None, None]


def test_a_part_that_nobody_asked_for_is_no_document(api, reply):
    api.on("/x", reply(206, b"01234"))

    assert api.error("get", path="x").code == "206"
    assert api.one("get", path="x", headers={"Range": "bytes=0-4"}).payload.read() == b"01234"


def test_what_the_connection_accepts_is_asked_for_unless_the_operation_says_otherwise(api, reply):
    api.on("/x", reply())
    picky = api.through(None, headers={"Accept": "application/vnd.acme+json"})

    picky.one("get", path="x")
    picky.one("get", path="x", accept="text/csv")

    assert [asked.headers["Accept"] for asked in api.asked] == ["application/vnd.acme+json", "text/csv"]


@pytest.mark.parametrize("status", [200, 204])
def test_an_empty_body_is_empty_however_it_is_said_to_be_encoded(api, reply, status):
    for encoding in ("gzip", "deflate", "br"):
        api.on("/x", reply(status, b"", (("Content-Encoding", encoding),)))
        assert api.one("get", path="x").payload.size == 0
