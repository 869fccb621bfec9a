"""Delete: one file."""

import os

import pytest


def test_the_file_is_gone_and_nothing_travels_on(base, made, document):
    (base / "a").write_bytes(b"")
    (base / "b").write_bytes(b"")
    assert made("delete", document(file_name="a")) == []
    assert os.listdir(base) == ["b"]


def test_query_chains_into_delete(base, made):
    for name in "abc":
        (base / name).write_bytes(b"")
    made("delete", *made("query"))
    assert os.listdir(base) == []


@pytest.mark.parametrize(("name", "expected"), [("missing", "FileNotFound"), ("sub", "NotAFile"), (".", "NotAFile")])
def test_what_is_no_file_is_refused(base, code, name, expected):
    (base / "sub").mkdir()
    assert code("delete", id=name) == expected
    assert (base / "sub").is_dir()


@pytest.mark.unprivileged
def test_without_permission_the_file_stays(others_folder, code):
    (others_folder / "a").write_bytes(b"")
    assert code("delete", id="a", connection={"folder": str(others_folder)}) == "PermissionDenied"
    assert (others_folder / "a").exists()
