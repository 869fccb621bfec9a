import gzip
import json

import pytest

from connector_sdk import ApplicationError, DocumentError
from connectors.http.refusals import QUOTED, as_text


def typed(kind, *more):
    return (("Content-Type", kind), *more)


@pytest.mark.parametrize(
    ("kind", "body", "told"),
    [
        ("application/json", b'{"error":\n  "no such order"}', '{"error": "no such order"}'),
        ("application/problem+json; charset=utf-8", b'{"title": "x"}', '{"title": "x"}'),
        ("text/html", b"<h1>No</h1>\r\n", "<h1>No</h1>"),
        ("text/plain; charset=iso-8859-1", "für".encode("latin-1"), "für"),
        ("text/plain; charset=utf-16", "für".encode("utf-16"), "für"),
        ("text/plain; charset=nonsense", "für".encode(), "für"),
        ("text/plain; charset=base64", b"abc", "abc"),
        ("text/plain; charset=idna", b"abc", "abc"),
        ("text/plain", b"\xff\xfe", "\ufffd\ufffd"),
    ],
)
def test_the_text_of_a_refusal_is_told_in_one_line(api, reply, kind, body, told):
    api.on("/x", reply(400, body, typed(kind)))

    error = api.error("get", path="x")

    assert (type(error), error.code) == (ApplicationError, "400")
    assert str(error) == f"GET {api.url}/x failed: 400 Bad Request: {told}"


@pytest.mark.parametrize(
    ("kind", "body"), [("image/png", b"\x89PNG"), ("application/octet-stream", b"abc"), ("application/pdf", b"%PDF")]
)
def test_what_is_no_text_is_not_told(api, reply, kind, body):
    api.on("/x", reply(400, body, typed(kind)))

    assert str(api.error("get", path="x")) == f"GET {api.url}/x failed: 400 Bad Request"


def test_only_the_beginning_is_told(api, reply):
    api.on("/x", reply(500, b"a" * (50 << 20), typed("text/plain")))

    error = api.error("get", path="x")

    assert type(error) is DocumentError
    assert str(error).endswith(f": {'a' * QUOTED}...")


def test_a_compressed_refusal_is_told(api, reply):
    api.on("/x", reply(400, gzip.compress(b"no", mtime=0), typed("text/plain", ("Content-Encoding", "gzip"))))

    assert str(api.error("get", path="x")).endswith(": no")


@pytest.mark.parametrize("body", [b"not gzip", gzip.compress(b"no", mtime=0)[:10]])
def test_a_refusal_that_cannot_be_read_is_still_a_refusal(api, reply, body):
    api.on("/x", reply(400, body, typed("text/plain", ("Content-Encoding", "gzip"))))

    assert api.error("get", path="x").code == "400"


SECRETS = {
    "authentication": "basic",
    "username": "the-user",
    "password": "pass&word",
    "secret_headers": {"X-Secret": "hush hush"},
}


def test_secrets_that_a_server_repeats_are_not_told(api, reply):
    def echo(asked):
        sent = [asked.headers["Authorization"], asked.headers["X-Secret"], "pass&word", "pass%26word", "hush+hush"]
        return reply(400, json.dumps(sent).encode(), typed("application/json"))

    api.on("/x", echo)

    error = api.through(None, **SECRETS).error("get", path="x")

    assert str(error) == f'GET {api.url}/x failed: 400 Bad Request: ["Basic ***", "***", "***", "***", "***"]'


def test_secrets_in_the_words_beside_the_status_are_not_told(api, reply, server):
    server.RequestHandlerClass.responses = {**server.RequestHandlerClass.responses, 499: ("pass&word", "")}
    api.on("/x", reply(499))

    assert str(api.through(None, **SECRETS).error("get", path="x")) == f"GET {api.url}/x failed: 499 ***"


def test_a_refusal_names_the_document_it_concerns_by_its_address(api, document):
    error = api.error("get", document(properties={"id": "7"}), path="orders/{id}", query={"q": "x" * 500})

    assert f"GET {api.url}/orders/7?q=xxx" in str(error)
    assert len(str(error)) < 300


def test_text_is_read_in_the_characters_that_it_names():
    assert as_text("für".encode("cp1252"), 'text/csv; charset="windows-1252"') == "für"
