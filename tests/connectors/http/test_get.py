import gzip


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


def test_a_body_in_chunks_is_whole(api, reply):
    api.on("/", reply(200, b"0123456789abc", chunked=True))

    assert api.one("get", path="/").payload.read() == b"0123456789abc"


def test_a_compressed_body_is_what_it_was(api, reply):
    api.on("/x", reply(200, gzip.compress(b"plain" * 1000), (("Content-Encoding", "gzip"),)))

    assert api.one("get", path="x").payload.read() == b"plain" * 1000
    assert api.asked[0].headers["Accept-Encoding"] == "gzip, deflate"


def test_headers_become_properties_and_what_is_missing_is_empty(api, reply, document):
    api.on("/x", reply(200, b"", (("X-Total-Count", "7"),)))

    found = api.one(
        "get",
        document(properties={"next": "stale"}),
        path="x",
        header_properties={"total": "x-total-count", "next": "X-Next"},
    )

    assert found.properties == {"total": "7", "next": ""}
