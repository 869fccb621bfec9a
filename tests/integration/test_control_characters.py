"""Keys with line feeds, carriage returns, tabs and their like, through every action that takes a key."""

from __future__ import annotations

import json
import urllib.request

import pytest

KEYS = [
    "\n",
    "a\nb",
    "\r",
    "a\rb",
    "a\r\nb",
    "\t",
    "a\tb",
    "\x01",
    "a\x0bb",
    "a\x0cb",
    "\x1f",
    "\x7f",
    "\x85",
    "a\u2028b",
]

pytestmark = pytest.mark.needs("control characters")


@pytest.fixture
def filled(store, document):
    store.all("upsert", *(document(key, f"<{key}>".encode()) for key in KEYS))
    return store


def named(documents):
    return sorted(each.tracked["s3.file_key"] for each in documents)


def test_they_are_listed_and_fetched_as_they_went(filled, document):
    assert sorted(filled.listed()) == sorted(KEYS)
    found = filled.all("query", document())
    assert named(found) == sorted(KEYS)
    fetched = filled.all("get", *found)
    assert {each.tracked["s3.file_key"]: each.payload.read().decode() for each in fetched} == {
        key: f"<{key}>" for key in KEYS
    }


def test_the_xml_answers_name_them(filled, document):
    for each in filled.all("query", document(), response_format="xml"):
        assert each.payload.read().startswith(b"<Contents><Key")


def test_they_are_found_by_prefix(filled, document):
    assert named(filled.all("query", document(), parameters={"prefix": "a\r"})) == ["a\r\nb", "a\rb"]


@pytest.mark.needs("order of control characters")
def test_they_are_found_after_another(filled, document):
    later = [key for key in KEYS if key.encode() > b"a\nb"]
    assert named(filled.all("query", document(), parameters={"start-after": "a\nb"})) == sorted(later)


def test_they_are_described_copied_and_moved(filled, document):
    heads = filled.all("head", *map(document, KEYS))
    assert [each.tracked["s3.size"] for each in heads] == [str(len(f"<{key}>".encode())) for key in KEYS]
    for key in KEYS:
        filled.one("copy", document(key), parameters={"target-key": f"copy/{key}"})
        filled.one("move", document(f"copy/{key}"), parameters={"target-key": f"moved/{key}"})
    assert sorted(filled.listed()) == sorted([*KEYS, *(f"moved/{key}" for key in KEYS)])
    fetched = filled.all("get", *(document(f"moved/{key}") for key in KEYS))
    assert [each.payload.read().decode() for each in fetched] == [f"<{key}>" for key in KEYS]


@pytest.mark.needs("tags")
def test_they_are_tagged(filled, document):
    filled.all("put_tags", *map(document, KEYS), tags={"a": "b"})
    told = filled.all("get_tags", *map(document, KEYS))
    assert [json.loads(each.payload.read())["Tags"] for each in told] == [{"a": "b"}] * len(KEYS)


@pytest.mark.needs("versions")
def test_their_versions_are_listed(filled, document):
    assert named(filled.all("list_versions", document())) == sorted(KEYS)


def test_presigned_urls_lead_to_them(filled, document):
    for key, signed in zip(KEYS, filled.all("presign", *map(document, KEYS)), strict=True):
        with urllib.request.urlopen(json.loads(signed.payload.read())["Url"]) as answer:
            assert answer.read().decode() == f"<{key}>"


def test_they_can_be_selected_from(filled, document):
    expression = {"expression": "SELECT COUNT(*) FROM S3Object", "engine": "local"}
    rows = filled.all("select", *map(document, KEYS), **expression)
    assert len(rows) == len(KEYS)


def test_they_are_deleted(filled, document):
    assert [each.error for each in filled.run("delete", *map(document, KEYS))] == [None] * len(KEYS)
    assert filled.listed() == []
