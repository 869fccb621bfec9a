"""Names: every byte string that a sftp takes survives as a property, and nothing else is let through."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sftp.names import as_parts, as_text

ODD = [
    b"caf\xe9.txt",
    b"\xff\xfe",
    rb"\xff",
    rb"\x5c",
    b"\\\xff",
    "naïve ☃ 𝄞.txt".encode(),
    b"new\nline",
    b" spaces ",
    b"-rf",
    b"*",
    b"a\\b",
    b"a...",
    b"%2e%2e",
]


@pytest.mark.parametrize("raw", ODD)
def test_a_file_with_any_name_is_found_read_moved_and_deleted(base, made, raw):
    with open(os.path.join(os.fsencode(base), raw), "wb") as stream:
        stream.write(b"content")
    (found,) = made("query")
    (listed,) = made("list")
    assert listed.tracked == found.tracked
    found.tracked["sftp.file_name"].encode()
    (got,) = made("get", found)
    assert got.payload.read() == b"content"
    (moved,) = made("move", found, to="done")
    assert os.listdir(os.fsencode(base / "done")) == [raw]
    made("delete", moved)
    assert os.listdir(base / "done") == []


@pytest.mark.parametrize("raw", ODD)
def test_create_makes_the_name_that_query_would_show(base, made, document, raw):
    made("create", document(b"x", file_name=as_text((os.fsdecode(raw),))))
    assert os.listdir(os.fsencode(base)) == [raw]


@given(st.lists(st.binary(min_size=1).filter(lambda raw: not {0, 47} & set(raw)), min_size=1))
def test_any_path_of_bytes_round_trips_as_printable_text(raw):
    parts = tuple(os.fsdecode(part) for part in raw if part not in (b".", b".."))
    text = as_text(parts)
    text.encode()
    assert as_parts(text) == parts


def test_two_names_never_share_a_text(base, made):
    for raw in (b"\xff", rb"\xff"):
        with open(os.path.join(os.fsencode(base), raw), "wb") as stream:
            stream.write(raw)
    assert {each.tracked["sftp.path"] for each in made("query")} == {r"\xff", r"\x5cxff"}


@pytest.mark.parametrize(("path", "expected"), [("a\0b", "InvalidName"), ("a\ud800", "InvalidName")])
@pytest.mark.parametrize("action", ["get", "delete", "move"])
def test_names_that_no_file_can_have_are_refused(code, path, expected, action):
    assert code(action, id=path, **({"to": "."} if action == "move" else {})) == expected


def test_a_nul_is_refused_in_create_and_in_query(code, document):
    assert code("create", document(b"x", file_name="a\0b")) == "InvalidName"
    assert code("query", pattern="a\0b") == "InvalidName"
    assert code("list", object_type="a\0b") == "InvalidName"


@pytest.mark.parametrize("path", ["a" * 300, "/".join(["a" * 200] * 30), "é" * 200])
def test_names_that_are_too_long_say_so(code, document, path):
    assert (
        code("create", document(b"x", file_name=path.rpartition("/")[2] * 2 if "/" in path else path)) == "NameTooLong"
    )
    assert code("get", id=path) in ("NameTooLong", "FileNotFound")


def test_a_name_of_255_bytes_is_written(base, made, document):
    made("create", document(b"x", file_name="a" * 255))
    assert os.listdir(base) == ["a" * 255]


@pytest.mark.parametrize("escaped", [r"\x2e\x2e/secret", r"\x2fetc/hostname", r"a\x00b"])
def test_escapes_hide_no_dots_slashes_or_nul(escaped):
    assert "".join(as_parts(escaped)) == escaped.replace("/", "")
