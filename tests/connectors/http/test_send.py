import email
import json
import os

import pytest

from connector_sdk import Payload


def test_the_document_is_sent_and_the_answer_becomes_one(api, reply, document):
    api.on("/orders", reply(201, b'{"id": 7}', (("Content-Type", "application/json"),)))

    found = api.one("send", document(b'{"a": 1}'), path="orders")

    (asked,) = api.asked
    assert (asked.method, asked.body) == ("POST", b'{"a": 1}')
    assert (asked.headers["Content-Type"], asked.headers["Content-Length"]) == ("application/json", "8")
    assert asked.headers["Transfer-Encoding"] is None
    assert json.loads(found.payload.read()) == {"id": 7}
    assert found.tracked["http.status_code"] == "201"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_every_method_carries_the_document(api, reply, document, method):
    api.on("/x", reply(204))

    api.one("send", document(b"<a/>"), path="x", method=method, content_type="application/xml; charset=utf-8")

    (asked,) = api.asked
    assert (asked.method, asked.body, asked.headers["Content-Type"]) == (
        method,
        b"<a/>",
        "application/xml; charset=utf-8",
    )


def test_delete_carries_nothing(api, reply, document):
    api.on("/orders/7", reply(204))

    api.one("send", document(b"content"), method="DELETE", path="orders", parameters={"path": "7"})

    (asked,) = api.asked
    assert (asked.method, asked.body, asked.headers["Content-Type"]) == ("DELETE", b"", None)


def test_delete_carries_the_document_where_it_is_told_to(api, reply, document):
    api.on("/x", reply(204))

    api.one("send", document(b"[1]"), method="DELETE", body="document", path="x")

    assert api.asked[0].body == b"[1]"


def test_an_empty_post_says_that_it_is_empty(api, reply, document):
    api.on("/x", reply())

    api.one("send", document(b"content"), body="none", path="x")

    assert (api.asked[0].body, api.asked[0].headers["Content-Length"]) == (b"", "0")


def test_the_document_can_travel_on_with_the_properties_of_the_answer(api, reply, document):
    api.on("/x", reply(200, b"answer", (("X-Id", "9"),)))

    found = api.one("send", document(b"question"), path="x", keep_document=True, header_properties={"id": "X-Id"})

    assert (found.payload.read(), found.properties) == (b"question", {"id": "9"})


def test_a_large_file_is_streamed_from_where_it_lies(api, reply, document, tmp_path):
    content = os.urandom(3 << 20)
    (tmp_path / "large").write_bytes(content)
    api.on("/x", reply())

    api.one("send", document(Payload.file(tmp_path / "large")), path="x", method="PUT")

    assert api.asked[0].body == content


def test_a_document_is_uploaded_as_a_file_of_a_form(api, reply, document):
    api.on("/x", reply())

    api.one(
        "send",
        document(b"a,b\r\n1,2\r\n"),
        path="x",
        body="multipart",
        content_type="text/csv",
        file_field="upload",
        file_name='or"der\r\nX-Evil: é.csv',
        fields={"kind": "orders", "of[year]": 2026},
    )

    (asked,) = api.asked
    assert int(asked.headers["Content-Length"]) == len(asked.body)
    form = email.message_from_bytes(b"Content-Type: " + asked.headers["Content-Type"].encode() + b"\n\n" + asked.body)
    kind, year, file = form.get_payload()
    assert kind["Content-Disposition"] == 'form-data; name="kind"'
    assert (kind.get_payload(), year.get_payload()) == ("orders", "2026")
    assert 'name="of[year]"' in year["Content-Disposition"]
    assert file["Content-Type"] == "text/csv"
    assert file["X-Evil"] is None
    assert b'filename="or%22der%0D%0AX-Evil: \xc3\xa9.csv"' in asked.body
    assert file.get_payload(decode=True) == b"a,b\r\n1,2\r\n"


def test_fields_are_sent_as_a_plain_form(api, reply):
    api.on("/x", reply())

    api.one("send", path="x", body="form", fields={"a": "1 & 2", "b": True})

    (asked,) = api.asked
    assert (asked.body, asked.headers["Content-Type"]) == (b"a=1+%26+2&b=true", "application/x-www-form-urlencoded")


def test_an_idempotency_key_is_made_for_each_document(api, reply, document):
    api.on("/x", reply())

    api.all("send", document(), document(), path="x", idempotency_key="auto")

    keys = [asked.headers["Idempotency-Key"] for asked in api.asked]
    assert len(set(keys)) == 2
    assert all(len(key) == 36 for key in keys)


def test_an_idempotency_key_can_be_the_processs_own(api, reply, document):
    api.on("/x", reply())

    keyed = {"idempotency_key": "order-{id}", "idempotency_header": "X-Request-Id"}
    api.one("send", document(properties={"id": "7"}), path="x", **keyed)

    assert api.asked[0].headers["X-Request-Id"] == "order-7"


def test_documents_are_sent_in_their_order(api, reply, document):
    api.on("/x", reply())

    api.all("send", *[document(str(number).encode()) for number in range(20)], path="x")

    assert [asked.body for asked in api.asked] == [str(number).encode() for number in range(20)]


def test_a_document_whose_file_changed_is_not_sent(api, reply, document, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"before")
    payload = Payload.file(path)
    path.write_bytes(b"after that")
    api.on("/x", reply())

    error = api.error("send", document(payload), path="x")

    assert error.code == "FileChanged"
    assert api.asked == []


@pytest.mark.parametrize(
    "options",
    [
        {"body": "form", "fields": {"a": "\ud800"}},
        {"body": "form", "fields": {"\ud800": "a"}},
        {"body": "multipart", "fields": {"a": "\ud800"}},
        {"body": "multipart", "file_name": "\ud800"},
        {"query": {"a": "\ud800"}},
    ],
    ids=str,
)
def test_half_a_character_fails_its_document(api, options):
    assert api.error("send", path="x", **options).code in ("InvalidForm", "InvalidQuery")
    assert api.asked == []
